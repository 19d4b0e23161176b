"""Streams of MCP 2026-07-28 over HTTP: what comes before the answer, and subscriptions."""

from __future__ import annotations

import asyncio

import pytest

from mcp_agent.transports.http import events as event_streams
from tests.plugins.patient import gate
from tests.transports.http_client import MODERN, PREFIX, answer, events, meta, modern, serving, standard
from tests.transports.modern_http import EVENTS, when_gone


def test_what_comes_before_the_answer_makes_it_a_stream() -> None:
    async def play() -> None:
        async with serving() as served:
            told = meta(progressToken="p", **{PREFIX + "logLevel": "info"})
            async with served.ask("tools/call", {"name": "test_tool_with_progress", "_meta": told}) as response:
                assert response.status == 200
                assert response.headers["X-Accel-Buffering"] == "no"
                messages = [message async for message in events(response, MODERN, "tools/call")]
            values = [m["params"]["progress"] for m in messages[:-1]]
            assert values == [0, 50, 100]
            assert messages[-1]["result"]["content"][0]["text"] == "Made progress."
            async with served.ask("tools/call", {"name": "test_tool_with_logging", "_meta": told}) as response:
                messages = [message async for message in events(response, MODERN, "tools/call")]
            assert [m["params"]["data"] for m in messages[:-1]] == [
                "Tool execution started", "Tool processing data", "Tool execution completed",
            ]  # fmt: skip
            async with served.ask("tools/call", {"name": "test_tool_with_logging"}) as response:
                await answer(response, MODERN, "tools/call")  # nobody asked for the log

    asyncio.run(play())


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", "application/json"),
        ("application/*", "application/json"),
        ("text/event-stream", EVENTS),
        ("application/json;q=0.5, text/event-stream", EVENTS),
        ("*/*", EVENTS),
        ("text/html", None),
    ],
)
def test_the_client_gets_a_type_it_accepts(accept: str, kind: str | None) -> None:
    async def play() -> None:
        message = modern("tools/call", {"name": "test_tool_with_progress", "_meta": meta(progressToken=7)})
        async with serving() as served, served.post(message, {**standard(message), "Accept": accept}) as response:
            assert response.status == (200 if kind else 406)
            if kind == EVENTS:
                last = [one async for one in events(response, MODERN, "tools/call")][-1]
                assert last["id"] == 1
            elif kind is not None:
                assert (await answer(response, MODERN, "tools/call"))["id"] == 1

    asyncio.run(play())


def test_a_subscription_needs_a_client_that_takes_streams() -> None:
    async def play() -> None:
        message = modern("subscriptions/listen", {"notifications": {}})
        headers = {**standard(message), "Accept": "application/json"}
        async with serving() as served, served.post(message, headers) as response:
            assert response.status == 406

    asyncio.run(play())


def test_a_plain_answer_to_a_client_that_only_takes_streams() -> None:
    async def play() -> None:
        message = modern("tools/list")
        async with serving() as served:
            async with served.post(message, {**standard(message), "Accept": EVENTS}) as response:
                assert [one["id"] async for one in events(response, MODERN, "tools/list")] == [1]
            message = modern("no/such/method")
            async with served.post(message, {**standard(message), "Accept": EVENTS}) as response:
                assert response.status == 404

    asyncio.run(play())


def test_a_long_wait_becomes_a_stream_that_says_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_streams, "KEEP_ALIVE", 0.001)

    async def play() -> None:
        async with serving() as served, served.ask("tools/call", {"name": "wait"}) as response:
            assert response.content_type == EVENTS
            assert (await response.content.readline()).startswith(b":")
            gate.released.set()
            assert [one["id"] async for one in events(response, MODERN, "tools/call")] == [1]

    asyncio.run(play())


def test_leaving_cancels() -> None:
    async def play() -> None:
        async with serving() as served:
            plain = asyncio.create_task(served.ask("tools/call", {"name": "wait"}).__aenter__())
            await gate.started.wait()
            plain.cancel()
            await gate.cancelled.wait()
            gate.fresh()
            params = {"name": "wait", "arguments": {"report": True}, "_meta": meta(progressToken=1)}
            async with served.ask("tools/call", params) as response:
                await anext(events(response, MODERN))
            await gate.cancelled.wait()

    asyncio.run(play())


def test_a_subscription_carries_what_it_asked_for_until_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        wanted = {"toolsListChanged": True, "resourceSubscriptions": ["test://watched-resource"]}
        async with serving() as served:
            async with served.ask("subscriptions/listen", {"notifications": wanted}) as stream:
                heard = events(stream, MODERN)
                first = await anext(heard)
                assert first["method"] == "notifications/subscriptions/acknowledged"
                for name in ("test_trigger_prompt_change", "test_trigger_resource_update"):
                    async with served.ask("tools/call", {"name": name}) as response:
                        assert response.status == 200
                methods = [(await anext(heard))["method"] for _ in range(3)]
                # Switching the plugin off and on again changes its tools twice; prompts nobody asked for.
                assert methods == ["notifications/tools/list_changed"] * 2 + ["notifications/resources/updated"]
                gone = when_gone(served, monkeypatch)
            await gone.wait()
            assert not served.host.server.peers

    asyncio.run(play())


def test_a_task_goes_on_after_its_request_and_tells_how_it_ends() -> None:
    async def play() -> None:
        async with serving() as served:
            async with served.ask("tools/call", {"name": "confirm_delete", "arguments": {"filename": "x"}}) as response:
                task = (await answer(response, MODERN, "tools/call"))["result"]
                assert task["resultType"] == "task"
            listen = {"notifications": {"taskIds": [task["taskId"]]}}
            async with served.ask("subscriptions/listen", listen) as stream:
                heard = events(stream, MODERN)
                assert (await anext(heard))["params"]["notifications"] == {"taskIds": [task["taskId"]]}
                async with served.ask("tasks/get", {"taskId": task["taskId"]}) as response:
                    state = (await answer(response, MODERN, "tasks/get"))["result"]
                    assert state["status"] == "input_required"
                given = {key: {"action": "accept", "content": {"confirm": True}} for key in state["inputRequests"]}
                update = {"taskId": task["taskId"], "inputResponses": given}
                async with served.ask("tasks/update", update) as response:
                    await answer(response, MODERN, "tasks/update")
                told = [await anext(heard), await anext(heard)]
                assert [one["params"]["status"] for one in told] == ["working", "completed"]
                assert told[1]["params"]["result"]["content"][0]["text"] == "Deleted x."

    asyncio.run(play())
