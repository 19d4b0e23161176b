"""What is undone of calls that failed, were stopped midway, or ended in several rounds."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mcp_agent import Host, ToolError
from mcp_agent.errors import InternalFailure
from mcp_agent.testing import ScriptedCaller
from mcp_agent.transports.memory import MemoryConnection
from tests.plugins import shelf
from tests.support.wire import Client
from tests.undoing.shelves import ids, on_shelves, put, there


@pytest.mark.parametrize("thing", ["lamp", None])
def test_a_tool_that_failed_counts_when_it_changed_something(thing: str | None) -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        with pytest.raises(ToolError, match="fell down"):
            await host.call("shelf_fail", {"place": "top", "thing": thing})
        assert len(await host.changes()) == (1 if thing is None else 2)
        await host.undo()
        assert await there(host) == ({} if thing is None else {"top": "vase"})

    on_shelves(work)


def test_a_write_that_changes_nothing_leaves_nothing_to_undo() -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        await put(host, "top", "vase")
        assert [change.id for change in await host.changes()] == [1]

    on_shelves(work)


def test_a_call_that_was_stopped_midway_is_not_guessed_at() -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        call = asyncio.create_task(host.call("shelf_hold", {"place": "top", "thing": "lamp"}))
        await shelf.held.wait()
        [begun, _] = await host.changes()
        assert begun.state == "begun"
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        undone = await host.undo()
        assert not undone.changes
        assert "stopped midway" in str(undone.stopped)
        assert 'Before, it was "vase"' in str(undone.stopped)
        assert await there(host) == {"top": "lamp"}
        await shelf.write(host._context(host.tool("shelf_put"), ScriptedCaller()), "top", "vase")  # by hand
        undone = await host.undo()
        assert (ids(undone), undone.undoings[0], undone.stopped) == ([2, 1], None, None)
        assert await there(host) == {}

    on_shelves(work)


def test_a_snapshot_with_a_bug_stops_the_call_before_it_does_anything() -> None:
    async def work(host: Host) -> None:
        shelf.broken.add("look")
        with pytest.raises(InternalFailure, match="The snapshot of shelf_put"):
            await put(host, "top", "vase")
        shelf.broken.clear()
        assert (await there(host), await host.changes()) == ({}, [])

    on_shelves(work)


def test_a_restore_that_fails_says_so_and_can_be_tried_again() -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        shelf.broken.add("restore")
        undone = await host.undo()
        assert (undone.changes, "The ladder is gone" in str(undone.stopped)) == ((), True)
        shelf.broken.clear()
        assert ids(await host.undo()) == [1]
        assert await there(host) == {}

    on_shelves(work)


@pytest.mark.parametrize("revision", ["2025-11-25", "2026-07-28"])
def test_a_call_that_asks_is_one_change_however_many_rounds_it_takes(revision: str) -> None:
    async def work(host: Host) -> None:
        await put(host, "top", "vase")
        client = Client(MemoryConnection(host.server), revision, capabilities={"elicitation": {}})
        client.answers["elicitation/create"] = lambda request: {"action": "accept", "content": {}}
        await client.open()
        params: dict[str, Any] = {"name": "shelf_ask", "arguments": {"place": "top", "thing": "lamp"}}
        result = await client.call("tools/call", params)
        if result.get("resultType") == "input_required":
            [key] = result["inputRequests"]
            answers = {key: {"action": "accept", "content": {}}}
            result = await client.call(
                "tools/call", {**params, "requestState": result["requestState"], "inputResponses": answers}
            )
        assert not result.get("isError"), result
        assert [change.state for change in (await host.undo(last=1)).changes] == ["done"]
        assert await there(host) == {"top": "vase"}
        assert (await host.undo(last=1)).changes[-1].tool == "shelf_put"
        assert await there(host) == {}

    on_shelves(work)
