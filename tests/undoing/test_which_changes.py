"""Which changes an undo takes back; it stops where something newer would be overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from mcp_agent import Host, ToolError
from mcp_agent.store import journal as journal_module
from mcp_agent.testing import FakeClock, ScriptedCaller
from tests.plugins import shelf
from tests.undoing.shelves import ids, on_shelves, put, there


def test_the_last_ones_go_newest_first_across_plugins() -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        await host.call("memory_remember", {"text": "The vase is from Anna."})
        await host.call("shelf_new_box", {"label": "winter"})
        await host.call("shelf_clear", {"place": "top"})
        assert ids(await host.undo()) == [4]
        assert await there(host) == {"top": "vase"}
        undone = await host.undo(last=3)
        assert ([change.tool for change in undone.changes], undone.stopped) == (
            ["shelf_new_box", "memory_remember", "shelf_put"], None
        )  # fmt: skip
        assert await there(host) == {}
        assert (await host.call("shelf_boxes")).data == {"result": []}
        assert (await host.call("memory_recent")).data["facts"] == []
        with pytest.raises(ToolError, match="no such change"):
            await host.undo()

    on_shelves(work)


def test_all_since_a_time() -> None:
    clock = FakeClock()

    async def work(host: Host) -> None:
        for thing in ("vase", "lamp", "clock"):
            await put(host, "top", thing)
            clock.advance(60)
        undone = await host.undo(since=clock.time() - 125)
        assert ids(undone) == [3, 2]
        assert await there(host) == {"top": "vase"}

    on_shelves(work, clock=clock)


def test_one_by_its_number_when_nothing_later_touched_the_same() -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        await put(host, "bottom", "lamp")
        assert ids(await host.undo(change=1)) == [1]
        assert await there(host) == {"bottom": "lamp"}
        again = await host.undo(change=1)
        assert (ids(again), "undone already" in str(again.stopped)) == ([], True)
        with pytest.raises(ToolError, match="no such change"):
            await host.undo(change=99)

    on_shelves(work)


def test_it_stops_where_the_world_has_changed_since() -> None:
    async def work(host: Host) -> None:
        await put(host, "bottom", "lamp")
        await put(host, "top", "vase")
        await put(host, "top", "clock")
        undone = await host.undo(change=2)
        assert not undone.changes
        assert "Change 2 (shelf_put) was not undone: it has been changed again since. It is now" in str(undone.stopped)
        assert '"clock"' in str(undone.stopped)
        assert await there(host) == {"bottom": "lamp", "top": "clock"}
        assert (await host.undo(last=3)).stopped is None

    on_shelves(work)


def test_a_stop_leaves_what_is_older_as_it_is(tmp_path: Path) -> None:
    async def work(host: Host) -> None:
        for place in ("one", "two", "three"):
            await put(host, place, "vase")
        tool = host.tool("shelf_put")
        context = host._context(tool, ScriptedCaller())
        await shelf.write(context, "two", "moved by hand")
        undone = await host.undo(last=3)
        assert ids(undone) == [3]
        assert "moved by hand" in str(undone.stopped)
        assert await there(host) == {"one": "vase", "two": "moved by hand"}
        await shelf.write(context, "two", None)
        undone = await host.undo(last=2)
        assert (ids(undone), undone.undoings[0], undone.stopped) == ([2, 1], None, None)

    on_shelves(work, tmp_path)


def test_what_cannot_be_undone_is_never_in_the_journal() -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        await host.call("shelf_ring", {})
        assert [change.tool for change in await host.changes()] == ["shelf_put"]

    on_shelves(work)


def test_the_oldest_changes_are_forgotten_with_their_undoings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "_KEPT", 5)

    async def work(host: Host) -> None:
        for number in range(20):
            await put(host, "top", f"thing {number}")
            if number % 3 == 0:
                await host.undo()
        assert len(await host.changes()) <= 5
        assert (await host.undo(last=9)).stopped is None

    on_shelves(work)
