"""Bad input to a real server on stdio: it says so, and goes on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from tests.protocol.test_frames import NO_MESSAGE, NOT_JSON
from tests.support.process import Process, process
from tests.support.schema import MODERN
from tests.support.wire import EVERYTHING, Client, WireError, failing

REVISIONS = ("2025-03-26", "2025-11-25", MODERN)


@pytest.fixture(scope="module", params=REVISIONS)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """One server for all of these: what one input breaks, the next test sees."""
    with process(env={"MCP_AGENT_HOME": str(tmp_path_factory.mktemp("home"))}) as server:
        client = Client(server, request.param, capabilities=EVERYTHING)
        asyncio.run(client.open())
        yield client
        server.end_input()
        assert server.wait() == 0
        assert "Traceback" not in server.said()


def run(client: Client, work: Callable[[], Awaitable[None]]) -> None:
    """Do it, then show that the server still answers and has said nothing else."""

    async def main() -> None:
        await work()
        client.ended.clear()
        client.notes.clear()
        assert (await client.tool("echo", text="still here"))["content"][0]["text"] == "still here"
        assert client.notes == []

    asyncio.run(main())


def server_of(client: Client) -> Process:
    assert isinstance(client.line, Process)
    return client.line


@pytest.mark.parametrize("frame", [*NOT_JSON.values(), *NO_MESSAGE.values()], ids=[*NOT_JSON, *NO_MESSAGE])
def test_what_is_no_message(shared: Client, frame: bytes) -> None:
    async def work() -> None:
        frames = [one for one in frame.split(b"\n") if one]
        shared.expect(1, "ping")
        shared.line.send_frame(frame)
        for _ in frames:
            message = await shared.read()
            assert "error" in message or message["method"] == "notifications/message"

    run(shared, work)


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("no/such", {}, -32601),
        ("tools/call", {"name": 7}, -32602),
        ("tools/call", {}, -32602),
        ("tools/call", {"name": "no such tool"}, -32602),
        ("tools/list", {"cursor": "bad"}, -32602),
        ("prompts/get", {"name": "paint", "arguments": {"colour": 1}}, -32602),
        ("completion/complete", {"ref": 7}, -32602),
    ],
)
def test_requests_that_are_wrong(shared: Client, method: str, params: dict[str, Any], code: int) -> None:
    async def work() -> None:
        assert (await failing(shared.call(method, params))).code == code

    run(shared, work)


@pytest.mark.parametrize("depth", [190, 500, 900, 980, 1000, 9000, 100_000])
@pytest.mark.parametrize("place", ["params", "arguments"])
def test_deep_nesting(shared: Client, depth: int, place: str) -> None:
    async def work() -> None:
        deep = b'{"value":' + b"[" * depth + b"]" * depth + b"}"
        if place == "params":
            request_id, message = shared.frame("tools/list", {"more": "HERE"})
        else:
            request_id, message = shared.frame("tools/call", {"name": "anything", "arguments": "HERE"})
        shared.line.send_frame(json.dumps(message).encode().replace(b'"HERE"', deep))
        while request_id not in shared.ended and None not in shared.ended and not shared.notes:
            await shared.read()

    run(shared, work)


def test_a_lone_surrogate_in_and_out(shared: Client) -> None:
    async def work() -> None:
        request_id, message = shared.frame("tools/call", {"name": "echo", "arguments": {"text": "HERE"}})
        shared.line.send_frame(json.dumps(message).encode().replace(b"HERE", rb"a\ud800z"))
        assert (await shared.result(request_id))["content"][0]["text"] == "a\ufffdz"
        assert (await shared.tool("surrogate"))["content"][0]["text"] == "before\ufffdafter"

    run(shared, work)


def test_a_key_that_stands_twice(shared: Client) -> None:
    async def work() -> None:
        request_id, message = shared.frame("tools/call", {"name": "echo", "arguments": {"text": "last"}})
        shared.line.send_frame(json.dumps(message).encode().replace(b'"text":', b'"text": "first", "text":'))
        assert (await shared.result(request_id))["content"][0]["text"] == "last"

    run(shared, work)


def test_lines_that_end_as_on_windows_and_lines_that_are_empty(shared: Client) -> None:
    async def work() -> None:
        request_id, message = shared.frame("tools/call", {"name": "echo", "arguments": {"text": "x"}})
        server_of(shared).write(b"\r\n\n\r\n" + json.dumps(message).encode() + b"\r\n\n")
        assert (await shared.result(request_id))["content"][0]["text"] == "x"

    run(shared, work)


def test_many_messages_in_one_write(shared: Client) -> None:
    async def work() -> None:
        frames = [shared.frame("tools/call", {"name": "echo", "arguments": {"text": str(n)}}) for n in range(500)]
        server_of(shared).write(b"".join(json.dumps(message).encode() + b"\n" for _, message in frames))
        for n, (request_id, _) in enumerate(frames):
            assert (await shared.result(request_id))["content"][0]["text"] == str(n)

    run(shared, work)


def test_one_message_in_writes_of_one_byte(shared: Client) -> None:
    async def work() -> None:
        request_id, message = shared.frame("tools/call", {"name": "echo", "arguments": {"text": "grüße 😀"}})
        for byte in json.dumps(message, ensure_ascii=False).encode() + b"\r\n":
            server_of(shared).write(bytes([byte]))
        assert (await shared.result(request_id))["content"][0]["text"] == "grüße 😀"

    run(shared, work)


def test_an_id_in_use_and_notifications_for_what_is_over(shared: Client) -> None:
    async def work() -> None:
        shared.request("tools/call", {"name": "hold", "arguments": {"gate": "id"}}, request_id="same")
        assert (await failing(shared.tool_as("same", "echo", text="x"))).code == -32600
        shared.expect("same", "tools/call")
        await shared.tool("release", gate="id")
        assert (await shared.result("same"))["content"][0]["text"] == "through id"
        shared.cancel("same")
        shared.cancel("never")
        shared.notify("notifications/progress", {"progressToken": 1, "progress": 1})

    run(shared, work)


def test_cancelling_before_the_call_starts(shared: Client) -> None:
    async def work() -> None:
        request_id, message = shared.frame("tools/call", {"name": "hold", "arguments": {"gate": "never"}})
        cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": request_id}}
        server_of(shared).write(b"".join(json.dumps(one).encode() + b"\n" for one in (message, cancel)))

    run(shared, work)


def test_a_result_that_cannot_be_encoded(shared: Client) -> None:
    async def work() -> None:
        with pytest.raises(WireError, match="trace"):
            await shared.tool("unspeakable")

    run(shared, work)


# --- the longest line ----------------------------------------------------------------------------


def _of_length(client: Client, length: int) -> tuple[Any, bytes]:
    """A call whose line is exactly so many bytes."""
    request_id, message = client.frame("tools/call", {"name": "echo", "arguments": {"text": "HERE"}})
    frame = json.dumps(message).encode()
    return request_id, frame.replace(b"HERE", b"x" * (length - len(frame) + 4))


@pytest.mark.parametrize(("limit", "env"), [(16 * 2**20, {}), (2000, {"MCP_AGENT__LIMITS__MESSAGE_BYTES": "2000"})])
@pytest.mark.parametrize("revision", ["2025-06-18", MODERN])
def test_a_line_as_long_as_may_be_and_one_byte_more(limit: int, env: dict[str, str], revision: str) -> None:
    async def work() -> None:
        client = await Client(server, revision).open()
        request_id, frame = _of_length(client, limit)
        assert len(frame) == limit
        client.line.send_frame(frame)
        assert len((await client.result(request_id))["content"][0]["text"]) > limit // 2
        for end in (b"\n", b"\r\n"):
            for length in (limit + 1 + (end == b"\r\n"), 3 * limit):
                request_id, frame = _of_length(client, length)
                server.write(frame + end)
                message = await client.read()
                words = message["error"]["message"] if "error" in message else message["params"]["data"]
                assert str(limit) in words
                client.ended.clear()
                client.notes.clear()
        await client.quiet()

    with process(env=env) as server:
        asyncio.run(work())


def test_a_line_without_end_takes_no_memory() -> None:
    async def work() -> None:
        client = await Client(server, MODERN).open()
        await client.quiet()
        before = server.peak_memory()
        for _ in range(20):
            server.write(b"x" * 16 * 2**20)
        server.write(b"\n")
        assert "error" in await client.read()
        client.ended.clear()
        await client.quiet()
        assert server.peak_memory() - before < 64 * 2**20  # of 320 that came

    with process() as server:
        asyncio.run(work())
