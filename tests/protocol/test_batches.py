"""Several messages in one array: 2025-03-26 has it, nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.schema import MODERN, REVISIONS
from tests.support.served import in_loop, serving
from tests.support.wire import Client, failing

BATCHES = "2025-03-26"


def call(client: Client, request_id: Any, tool: str, **arguments: Any) -> dict[str, Any]:
    return client.frame("tools/call", {"name": tool, "arguments": arguments}, request_id=request_id)[1]


async def array(client: Client) -> list[dict[str, Any]]:
    """The next array of answers; what comes before it is taken in."""
    while True:
        message = await client.read()
        if isinstance(message, list):
            return message


def test_answers_come_together_whatever_else_is_in_the_batch() -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(BATCHES)
            client.send(
                [
                    call(client, "a", "echo", text="one"),
                    {"jsonrpc": "2.0", "method": "notifications/unheard_of"},
                    client.frame("tools/list", request_id="b")[1],
                    client.frame("no/such", request_id="c")[1],
                    {"jsonrpc": "2.0", "id": "stray", "result": {}},
                    call(client, "d", "refuse"),
                ]
            )
            answers = await array(client)
            assert {answer["id"] for answer in answers} == {"a", "b", "c", "d"}
            assert (await client.result("a"))["content"][0]["text"] == "one"
            assert (await failing(client.result("c"))).code == -32601
            assert (await client.result("d"))["isError"]

    in_loop(work)


def test_messages_of_a_batch_may_be_long_and_one_that_is_nested_too_deeply_is_refused_alone() -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(BATCHES)
            deep: Any = 1
            for _ in range(300):
                deep = [deep]
            long = "x" * 10_000 + "[{" * 300
            client.send([call(client, "a", "echo", text=long), call(client, "b", "anything", value=deep)])
            assert {answer["id"] for answer in await array(client)} == {"a", "b"}
            assert (await client.result("a"))["content"][0]["text"] == long
            assert "Nested too deeply" in str(await failing(client.result("b")))

    in_loop(work)


def test_the_slowest_decides_when_and_others_are_not_held_up() -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(BATCHES)
            client.send([call(client, 101, "hold", gate="slow"), call(client, 102, "echo", text="fast")])
            await client.tool("echo", text="beside")
            assert 102 not in client.ended
            await client.tool("release", gate="slow")
            assert len(await array(client)) == 2

    in_loop(work)


def test_progress_and_logs_come_before_the_answers() -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(BATCHES)
            meta = {"progressToken": "t"}
            params = {"name": "progress", "arguments": {"steps": [1, 2]}}
            client.send([client.frame("tools/call", params, request_id="a", meta=meta)[1], call(client, "b", "talk")])
            assert len(await array(client)) == 2
            assert [note["params"]["progress"] for note in client.notes if "progress" in note["params"]] == [1, 2]

    in_loop(work)


def test_a_batch_of_notifications_gets_no_answer() -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(BATCHES)
            client.send([{"jsonrpc": "2.0", "method": "notifications/unheard_of"}] * 3)
            assert await client.quiet() == []

    in_loop(work)


def test_entries_that_are_no_messages_do_not_spoil_the_rest() -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(BATCHES)
            client.expect("x", "ping")
            client.send(
                [
                    7,
                    call(client, "a", "echo", text="one"),
                    [],
                    {"id": "x", "method": "ping"},
                    {},
                    [[call(client, 9, "echo")]],
                ]
            )
            answers = await array(client)
            assert {answer["id"] for answer in answers} == {"a", "x"}
            assert (await failing(client.result("x"))).code == -32600
            assert sum(note["method"] == "notifications/message" for note in client.notes) == 4

    in_loop(work)


@pytest.mark.parametrize("raw", [b"[]", b"[1", b"[,]", b'["\xff"]'])
def test_arrays_that_are_no_batch(raw: bytes) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(BATCHES)
            client.line.send_frame(raw)
            [note] = await client.quiet()
            assert note["method"] == "notifications/message"

    in_loop(work)


def test_a_request_cancelled_in_a_batch_does_not_hold_back_the_others() -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(BATCHES)
            client.send([call(client, 101, "hold", gate="never"), call(client, 102, "echo", text="kept")])
            client.cancel(101)
            [answer] = await array(client)
            assert answer["id"] == 102

    in_loop(work)


def test_a_batch_cancelled_whole_gets_no_answer() -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(BATCHES)
            client.send([call(client, 101, "hold", gate="never"), call(client, 102, "hold", gate="never")])
            client.cancel(101)
            client.cancel(102)
            assert await client.quiet() == []
            assert not client.ended

    in_loop(work)


def test_a_batch_may_not_hold_more_than_a_client_may_ask_at_once() -> None:
    async def work() -> None:
        async with serving(in_flight=5) as served:
            client = await served.client(BATCHES)
            client.send([{"jsonrpc": "2.0", "method": "x"}] * 5)
            assert await client.quiet() == []
            client.send([7] * 6)
            [note] = await client.quiet()
            assert "5" in note["params"]["data"]

    in_loop(work)


def test_requests_of_the_stateless_era_have_no_place_in_a_batch() -> None:
    """A stream opened in one would never let the other answers go."""

    async def work() -> None:
        async with serving() as served:
            client = await served.client(BATCHES)
            modern = Client(client.line, MODERN)
            listen = modern.frame("subscriptions/listen", {"notifications": {}}, request_id="l")[1]
            client.expect("l", "subscriptions/listen")
            client.send([listen, call(client, "a", "echo", text="kept")])
            assert {answer["id"] for answer in await array(client)} == {"l", "a"}
            assert (await failing(client.result("l"))).code == -32600

    in_loop(work)


@pytest.mark.parametrize("revision", sorted(set(REVISIONS) - {BATCHES}))
def test_nobody_else_has_batches(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            client.send([client.frame("tools/list", request_id="b")[1]])
            message = await client.read()
            words = message["error"]["message"] if "error" in message else message["params"]["data"]
            assert "2025-03-26" in words
            client.notes.clear()
            await client.quiet()

    in_loop(work)
