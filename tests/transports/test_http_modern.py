"""MCP 2026-07-28 over HTTP: each request stands alone, and its response is its whole life."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from mcp_agent.protocol.peer import Peer
from mcp_agent.transports.http import endpoint
from mcp_agent.transports.http import events as event_streams
from mcp_agent.transports.http.events import Outbox
from tests.plugins.patient import gate
from tests.transports.http_client import (
    BOTH,
    EVERYTHING,
    MODERN,
    PREFIX,
    Served,
    answer,
    events,
    meta,
    modern,
    request,
    serving,
    standard,
)

EVENTS = "text/event-stream"


def when_gone(served: Served, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set once the server has taken leave of a client."""
    gone = asyncio.Event()
    take_leave = served.host.server.gone

    def noted(peer: Peer) -> None:
        take_leave(peer)
        gone.set()

    monkeypatch.setattr(served.host.server, "gone", noted)
    return gone


# --- plain answers -------------------------------------------------------------------------------


def test_an_answer_that_comes_alone_is_plain_json() -> None:
    async def play() -> None:
        async with serving() as served:
            async with served.ask("server/discover") as response:
                assert response.status == 200
                assert "Mcp-Session-Id" not in response.headers
                found = await answer(response, MODERN, "server/discover")
                assert MODERN in found["result"]["supportedVersions"]
            async with served.ask("tools/call", {"name": "echo", "arguments": {"text": "hi"}}) as response:
                result = (await answer(response, MODERN, "tools/call"))["result"]
                assert result["content"] == [{"type": "text", "text": "hi"}]

    asyncio.run(play())


@pytest.mark.parametrize(
    ("message", "status", "code"),
    [
        (modern("tools/call", {"name": "no_such_tool"}), 200, -32602),
        (modern("resources/read", {"uri": "test://nothing"}), 200, -32602),
        (modern("no/such/method"), 404, -32601),
        (modern("ping"), 404, -32601),
        (modern("initialize"), 404, -32601),
        (modern("resources/subscribe", {"uri": "test://watched-resource"}), 404, -32601),
        (request("tools/list", {"_meta": {PREFIX + "protocolVersion": MODERN}}), 400, -32602),
        (request("tools/list"), 400, -32602),
        (request("tools/list", {"_meta": {**meta(), PREFIX + "protocolVersion": "2025-11-25"}}), 400, -32020),
        (modern("tools/call", {"name": "test_sampling", "arguments": {"prompt": "x"}}, capabilities={}), 400, -32021),
        (modern("tasks/get", {"taskId": "x"}, capabilities={}), 400, -32021),
        ({**modern("tools/list"), "jsonrpc": "1.0"}, 400, -32600),
        ({**modern("tools/list"), "id": 1.5}, 400, -32600),
    ],
)
def test_each_error_has_its_status(message: dict[str, Any], status: int, code: int) -> None:
    async def play() -> None:
        async with serving() as served, served.post(message, standard(message)) as response:
            error = await answer(response, MODERN)
            assert (response.status, error["error"]["code"]) == (status, code)
            assert error.get("id") == (message["id"] if isinstance(message["id"], int) else None)

    asyncio.run(play())


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{nonsense", 400, -32700),
        (b"\xff\xfe", 400, -32700),
        (b"", 400, -32700),
        (b"[" * 60_000, 400, -32700),
        (b"[]", 400, -32600),
        (json.dumps([modern("tools/list")]).encode(), 400, -32600),
        (json.dumps({"jsonrpc": "2.0", "id": 1, "result": {}}).encode(), 400, -32600),
        (b'"' + b"x" * 70_000 + b'"', 413, -32600),
    ],
)
def test_what_is_no_request_is_refused(body: bytes, status: int, code: int) -> None:
    async def play() -> None:
        headers = {"MCP-Protocol-Version": MODERN, "Accept": BOTH}
        async with serving(max_bytes=2**16) as served:
            async with served.post(body, headers) as response:
                assert (response.status, (await answer(response, MODERN))["error"]["code"]) == (status, code)
            async with served.ask("tools/list") as response:
                assert response.status == 200

    asyncio.run(play())


def test_a_notification_is_accepted_and_not_answered() -> None:
    async def play() -> None:
        message = {"jsonrpc": "2.0", "method": "notifications/whatever", "params": {"_meta": meta()}}
        headers = {"MCP-Protocol-Version": MODERN, "Accept": BOTH}
        async with serving() as served, served.post(message, headers) as response:
            assert (response.status, await response.read()) == (202, b"")

    asyncio.run(play())


def test_other_types_of_content_are_refused() -> None:
    async def play() -> None:
        message = modern("tools/list")
        headers = {**standard(message), "Content-Type": "text/plain"}
        async with serving() as served, served.post(message, headers) as response:
            assert response.status == 415

    asyncio.run(play())


# --- streams -------------------------------------------------------------------------------------


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


# --- subscriptions -------------------------------------------------------------------------------


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


# --- questions -----------------------------------------------------------------------------------


def test_a_question_ends_the_request_and_its_answer_comes_with_the_next() -> None:
    async def play() -> None:
        async with serving() as served:
            call = {"name": "test_input_required_result_multi_round"}
            given = [{}, {"step1": {"name": "Ada"}}, {"step2": {"color": "teal"}}]
            result: dict[str, Any] = {}
            for number, answers in enumerate(given):
                inputs = {key: {"action": "accept", "content": content} for key, content in answers.items()}
                retry = {"inputResponses": inputs, "requestState": result["requestState"]} if number else {}
                async with served.ask("tools/call", {**call, **retry}, request_id=number) as response:
                    result = (await answer(response, MODERN, "tools/call"))["result"]
            assert result["content"][0]["text"] == "Ada likes teal."

    asyncio.run(play())


# --- bounds and the end --------------------------------------------------------------------------


def test_more_requests_than_the_server_takes_are_refused() -> None:
    async def play() -> None:
        async with serving(in_flight=1) as served:
            held = asyncio.create_task(served.ask("tools/call", {"name": "wait"}).__aenter__())
            await gate.started.wait()
            async with served.ask("tools/list") as response:
                assert response.status == 503
            gate.released.set()
            (await held).release()
            async with served.ask("tools/list") as response:
                assert response.status == 200

    asyncio.run(play())


def test_a_message_that_never_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "BODY_SECONDS", 0.01)

    async def play() -> None:
        async with serving() as served:
            port = urlsplit(served.url).port
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            head = (
                "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"
            )
            writer.write(head.encode() + b"{")
            assert b"408" in await reader.readline()
            writer.close()
            await writer.wait_closed()

    asyncio.run(play())


def test_a_client_that_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        uri = "test://" + "x" * 50_000
        async with serving() as served:
            listen = {"notifications": {"resourceSubscriptions": [uri]}}
            async with served.ask("subscriptions/listen", listen) as stream:
                gone = when_gone(served, monkeypatch)
                for _ in range(20_000):
                    served.host.server.resource_updated(uri)
                    await asyncio.sleep(0)
                    if gone.is_set():
                        break
                assert gone.is_set()
                with pytest.raises(aiohttp.ClientError):
                    await stream.content.read()

    asyncio.run(play())


def test_a_slow_client_is_congested_before_it_is_hopeless() -> None:
    async def play() -> None:
        cut: list[bool] = []
        outbox = Outbox(lambda: cut.append(True), bytes)
        assert not outbox.congested
        outbox.put(b"x" * 100_000)
        assert outbox.congested
        assert outbox.take() == [b"x" * 100_000]
        assert not outbox.congested
        sent = 0
        while not cut:
            outbox.put(b"y" * 100_000)
            sent += 1
        assert 10 < sent < 100
        assert outbox.ended
        outbox.put(b"z")
        assert b"z" not in outbox.take()

    asyncio.run(play())


def test_a_stop_ends_everything_in_good_order() -> None:
    async def play() -> None:
        async with serving() as served:
            listen = {"notifications": {"toolsListChanged": True}}
            async with served.ask("subscriptions/listen", listen, request_id=5, capabilities=EVERYTHING) as stream:
                heard = events(stream, MODERN, "subscriptions/listen")
                await anext(heard)
                call = asyncio.create_task(served.ask("tools/call", {"name": "wait"}).__aenter__())
                await gate.started.wait()
                served.stop.set()
                gate.released.set()
                result = await answer(await call, MODERN, "tools/call")
                assert result["result"]["content"][0]["text"] == "Waited."
                assert [one["id"] async for one in heard] == [5]

    asyncio.run(play())
