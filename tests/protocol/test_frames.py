"""What is no message, or one that no client should send."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.schema import LEGACY, REVISIONS
from tests.support.served import in_loop, serving
from tests.support.wire import Client, WireError, failing

every_revision = pytest.mark.parametrize("revision", REVISIONS)

NOT_JSON = {
    "empty object cut": b'{"jsonrpc":"2.0","id":1',
    "words": b"hello",
    "trailing": b'{"jsonrpc":"2.0","id":1,"method":"ping"} x',
    "two at once": b'{"jsonrpc":"2.0","id":1,"method":"ping"}{"jsonrpc":"2.0","id":2,"method":"ping"}',
    "NaN": b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":NaN}}',
    "Infinity": b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":-Infinity}}',
    "single quotes": b"{'jsonrpc':'2.0'}",
    "control character": b'{"jsonrpc":"2.0","id":1,"method":"pi\tng"}',
    "invalid UTF-8 in the method": b'{"jsonrpc":"2.0","id":1,"method":"\xff\xfe"}',
    "byte order mark": b'\xef\xbb\xbf{"jsonrpc":"2.0","id":1,"method":"ping"}',
    "UTF-16": '{"jsonrpc":"2.0","id":1,"method":"ping"}'.encode("utf-16"),
    "deep": b'{"jsonrpc":"2.0","id":1,"method":"ping","params":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "deep and open": b"[" * 100_000,
    "deep objects": b'{"a":' * 50_000,
    "space": b"   ",
    "number too long": b"1" * 10_000 + b"x",
}

NO_MESSAGE = {
    "number": b"7",
    "null": b"null",
    "string": b'"ping"',
    "empty object": b"{}",
    "no version": b'{"id":1,"method":"ping"}',
    "wrong version": b'{"jsonrpc":"1.0","id":1,"method":"ping"}',
    "version is a number": b'{"jsonrpc":2.0,"id":1,"method":"ping"}',
    "id is null": b'{"jsonrpc":"2.0","id":null,"method":"ping"}',
    "id is a list": b'{"jsonrpc":"2.0","id":[1],"method":"ping"}',
    "id is a fraction": b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}',
    "id is true": b'{"jsonrpc":"2.0","id":true,"method":"ping"}',
    "method is a number": b'{"jsonrpc":"2.0","id":1,"method":7}',
    "method is null": b'{"jsonrpc":"2.0","id":1,"method":null}',
    "id alone": b'{"jsonrpc":"2.0","id":1}',
    "result without id": b'{"jsonrpc":"2.0","result":{}}',
}


async def refusal(client: Client, frame: bytes, request_id: Any) -> tuple[int | None, str]:
    """Code and words of what came back: an error, or a log message where errors need an id that there is not."""
    client.expect(request_id, "ping")
    client.line.send_frame(frame)
    message = await client.read()
    client.ended.clear()
    client.notes.clear()
    if "error" in message:
        return message["error"]["code"], message["error"]["message"]
    assert message["method"] == "notifications/message"
    assert message["params"]["level"] == "error"
    return None, message["params"]["data"]


@every_revision
@pytest.mark.parametrize("frame", NOT_JSON.values(), ids=NOT_JSON)
def test_not_json(revision: str, frame: bytes) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            code, words = await refusal(client, frame, 1)
            assert code in ((-32700, -32600) if revision >= "2025-11-25" else (None,))
            assert words
            await client.quiet()  # and it goes on as before

    in_loop(work)


@every_revision
@pytest.mark.parametrize("frame", NO_MESSAGE.values(), ids=NO_MESSAGE)
def test_json_but_no_message(revision: str, frame: bytes) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            code, words = await refusal(client, frame, 1)
            # where an id could be read the error carries it, in all revisions
            assert code in (-32600, None)
            if revision >= "2025-11-25" or b'"id":1,' in frame:
                assert code == -32600
            assert words
            await client.quiet()

    in_loop(work)


@pytest.mark.parametrize("revision", LEGACY)
def test_a_client_that_wants_silence_gets_it_for_bad_frames_too(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            await client.call("logging/setLevel", {"level": "emergency"})
            client.line.send_frame(b"hello")
            notes = await client.quiet()
            assert notes == []

    in_loop(work)


@every_revision
@pytest.mark.parametrize("params", [[], [1], "x", 7, True, None])
@pytest.mark.parametrize("method", ["tools/list", "tools/call", "completion/complete"])
def test_params_of_the_wrong_type(revision: str, method: str, params: Any) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            client.expect("p", method)
            client.send({"jsonrpc": "2.0", "id": "p", "method": method, "params": params})
            assert (await failing(client.result("p"))).code == -32602

    in_loop(work)


@every_revision
@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("tools/call", {"name": 7}),
        ("tools/call", {"arguments": {}}),
        ("tools/list", {"cursor": 7}),
        ("resources/read", {"uri": ["x"]}),
        ("resources/read", {}),
        ("tools/call", {"name": "echo", "inputResponses": 7}),
        ("tools/call", {"name": "echo", "requestState": {}}),
    ],
)
def test_a_parameter_of_the_wrong_type(revision: str, method: str, params: dict[str, Any]) -> None:
    async def work() -> None:
        async with serving() as served:
            error = await failing((await served.client(revision)).call(method, params))
            assert error.code == -32602
            assert method in error.message

    in_loop(work)


@every_revision
def test_bytes_that_are_no_text_inside_params(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            for part in (b'{"text":"\xff"}', b'{"text":1e999}', b'{"\xff":1}', b'{"text":7,"\xc3\x28":"\xff"}'):
                for state in ({}, {"requestState": "bm9uc2Vuc2U="}):
                    request_id, message = client.frame("tools/call", {"name": "echo", "arguments": "HERE", **state})
                    client.line.send_frame(json.dumps(message).encode().replace(b'"HERE"', part))
                    try:
                        result = await client.result(request_id)
                    except WireError as error:
                        assert error.code in (-32602, -32700)  # noqa: PT017
                    else:
                        assert result["isError"]
                        assert "trace" not in result["content"][0]["text"]

    in_loop(work)


@every_revision
@pytest.mark.parametrize("tool", ["echo", "anything", "ask_name"])
@pytest.mark.parametrize("depth", [100, 900, 950, 970, 980, 985, 990, 995, 1000, 10_000])
def test_nesting_at_the_edge(revision: str, tool: str, depth: int) -> None:
    """Whatever of it can be read is, and what cannot is said: each request gets its answer."""

    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision, capabilities={"elicitation": {}})
            client.answers["elicitation/create"] = lambda params: {"action": "decline"}
            value = b"[" * depth + b"]" * depth
            for state in (None, "bm9uc2Vuc2U="):
                params = {"name": tool, "arguments": "HERE", **({"requestState": state} if state else {})}
                request_id, message = client.frame("tools/call", params)
                key = b"note" if tool == "ask_name" else b"value"
                frame = json.dumps(message).encode().replace(b'"HERE"', b'{"' + key + b'":' + value + b"}")
                client.line.send_frame(frame)
                while request_id not in client.ended and None not in client.ended and not client.notes:
                    await client.read()
                client.ended.clear()
                client.notes.clear()
            await client.quiet()

    in_loop(work)


@every_revision
def test_a_key_that_stands_twice_counts_with_its_last_value(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            request_id, message = client.frame("tools/call", {"name": "echo", "arguments": {"text": "last"}})
            frame = json.dumps(message).encode()
            twice = frame.replace(b'"id":', b'"id": "first", "id":').replace(b'"text":', b'"text": "first", "text":')
            client.line.send_frame(twice.replace(b'"name": "echo"', b'"name": "refuse", "name": "echo"'))
            assert (await client.result(request_id))["content"][0]["text"] == "last"

    in_loop(work)


@every_revision
def test_a_lone_surrogate_in_a_request_is_read_as_the_character_for_unknown_ones(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            for sent, read in (
                (r"\ud83d", "\ufffd"), (r"a\udc00z", "a\ufffdz"), (r"\ud83d\u0041", "\ufffdA"),
                (r"\ud83d\ude00", "\U0001f600"), (r"\\ud83d \ud83d", "\\ud83d \ufffd"),
            ):  # fmt: skip
                request_id, message = client.frame("tools/call", {"name": "echo", "arguments": {"text": "HERE"}})
                client.line.send_frame(json.dumps(message).encode().replace(b"HERE", sent.encode()))
                assert (await client.result(request_id))["content"][0]["text"] == read

    in_loop(work)


@every_revision
def test_ids(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            for request_id in (0, -1, 2**53, 2**63, 10**30, "", "1", "é\u2028", "x" * 10_000):
                await client.call("tools/list", request_id=request_id)

    in_loop(work)


@every_revision
def test_an_id_that_is_still_in_use(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            client.request("tools/call", {"name": "hold", "arguments": {"gate": "twice"}}, request_id="same")
            error = await failing(client.tool_as("same", "echo", text="x"))
            assert error.code == -32600
            assert "same" in error.message
            client.expect("same", "tools/call")
            await client.tool("release", gate="twice")
            assert (await client.result("same"))["content"][0]["text"] == "through twice"
            assert await client.tool_as("same", "echo", text="free again")

    in_loop(work)


@every_revision
def test_too_many_requests_at_once(revision: str) -> None:
    async def work() -> None:
        async with serving(in_flight=3) as served:
            client = await served.client(revision)
            waiting = [client.request("tools/call", {"name": "hold", "arguments": {"gate": "many"}}) for _ in range(3)]
            error = await failing(client.tool("echo", text="x"))
            assert error.code == -32603
            assert "3 requests" in error.message
            for request_id in waiting[:2]:
                client.cancel(request_id)
            await client.tool("release", gate="many")
            assert (await client.result(waiting[2]))["content"][0]["text"] == "through many"

    in_loop(work)


@every_revision
def test_unknown_and_malformed_notifications_and_stray_responses_are_ignored(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            client.notify("notifications/unheard_of")
            client.notify("notifications/cancelled")
            client.notify("notifications/cancelled", {"requestId": None})
            client.notify("notifications/cancelled", {"requestId": {"x": 1}})
            client.notify("notifications/cancelled", {"requestId": 12345})
            client.notify("notifications/roots/list_changed")
            client.send({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": [1]})
            client.send({"jsonrpc": "2.0", "method": "tools/list"})
            for request_id in (1, "1", 99):
                client.send({"jsonrpc": "2.0", "id": request_id, "result": {}})
                client.send({"jsonrpc": "2.0", "id": request_id, "error": {"code": 1, "message": "x"}})
                client.send({"jsonrpc": "2.0", "id": request_id, "error": "x"})
            assert await client.quiet() == []

    in_loop(work)
