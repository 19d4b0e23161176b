"""Undoing is a change too: it can be undone, is written down, and comes one at a time."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from mcp_agent import Host
from tests.pipeline.audited import entries
from tests.undoing.shelves import ids, on_shelves, put, there


def test_an_undo_can_be_undone_and_redone_as_often_as_one_likes() -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        for _ in range(3):
            [undoing] = (await host.undo()).undoings
            assert await there(host) == {}
            assert undoing is not None
            [redoing] = (await host.undo(change=undoing)).undoings
            assert await there(host) == {"top": "vase"}
            assert redoing is not None
            again = await host.undo(change=undoing)
            assert "undone already" in str(again.stopped)
            [back] = (await host.undo(change=redoing)).undoings  # undoing the redo is undoing the change
            assert await there(host) == {}
            assert "undone already" in str((await host.undo(change=1)).stopped)
            assert back is not None
            await host.undo(change=back)
            assert await there(host) == {"top": "vase"}

    on_shelves(work)


def test_an_undo_is_in_the_audit_log_and_in_the_journal(tmp_path: Path) -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        [undoing] = (await host.undo()).undoings
        assert undoing is not None
        change = await host._onion.journal.get(undoing)
        assert change is not None
        assert (change.undoes, change.before, change.after, change.state) == (1, "vase", None, "done")

    on_shelves(work, tmp_path)
    intent, outcome = (json.loads(one.text) for one in entries(tmp_path, tool="undo:shelf_put"))
    assert (intent["kind"], intent["principal"], intent["arguments"]) == (
        "intent", "undo", {"place": "top", "thing": "vase"}
    )  # fmt: skip
    assert (outcome["outcome"], outcome["intent"]) == ("ok", intent["seq"])


def test_two_undos_at_once_take_back_one_change_each() -> None:
    async def work(host: Host) -> None:
        for thing in ("vase", "lamp", "clock"):
            await put(host, "top", thing)
        both = await asyncio.gather(host.undo(change=3), host.undo(change=3))
        assert sorted(map(len, map(ids, both))) == [0, 1]
        assert await there(host) == {"top": "lamp"}

    on_shelves(work)
