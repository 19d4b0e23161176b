"""How tasks end: with a result, with an error, cancelled, or with the server."""

from __future__ import annotations

import re

from tests.plugins.kinds import waiting
from tests.protocol.background import AT_ONCE, SPEAKS, background, get, start, status
from tests.support.schema import MODERN
from tests.support.served import in_loop
from tests.support.wire import TASKS


def test_an_error_of_the_tool_completes_the_task_and_a_bug_too() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            waiting.gates["a"].set()
            for fail, words in (("tool", "It broke."), ("bug", "failed because of a bug in it (trace ")):
                task = await status(client, await start(client, "job", gate="a", fail=fail), "completed")
                assert task["result"]["isError"] is True
                assert words in task["result"]["content"][0]["text"]

    in_loop(work)


def test_a_protocol_error_fails_the_task() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            client.capabilities = {"extensions": {TASKS: {}}}
            task = await status(client, await start(client, "asking_job"), "failed")
            assert task["error"]["code"] == -32021
            assert task["error"]["data"] == {"requiredCapabilities": {"elicitation": {}}}
            assert "elicitation" in task["statusMessage"]

    in_loop(work)


def test_a_result_that_cannot_be_encoded_fails_the_task() -> None:
    async def work() -> None:
        async with background(after=AT_ONCE) as (_, client, _):
            task_id = await start(client, "hold_unspeakable", gate="a")
            waiting.gates["a"].set()
            task = await status(client, task_id, "failed")
            assert task["error"]["code"] == -32603
            assert "trace" in task["error"]["message"]

    in_loop(work)


def test_cancelling() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            task_id = await start(client, "job", gate="a")
            await waiting.running["a"].wait()
            ack = await client.call("tasks/cancel", {"taskId": task_id})
            assert ack["resultType"] == "complete"
            assert set(await status(client, task_id, "cancelled")) & {"result", "error"} == set()
            assert waiting.stopped == ["a"]
            await client.call("tasks/cancel", {"taskId": task_id})
            assert (await get(client, task_id))["status"] == "cancelled"

    in_loop(work)


def test_cancelling_before_the_work_has_begun() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            opened = client.request("tools/call", {"name": "job", "arguments": {"gate": "a"}})
            handle = client.line._frames.get_nowait()  # type: ignore[attr-defined]  # before the loop turns
            task_id = re.search(rb'"taskId":"([^"]+)"', handle)[1].decode()  # type: ignore[index]
            cancel = client.request("tasks/cancel", {"taskId": task_id})
            assert not waiting.running["a"].is_set()
            client.ended.pop(opened, None)
            await client.result(cancel)
            await status(client, task_id, "cancelled")
            assert not waiting.running["a"].is_set()

    in_loop(work)


def test_cancelling_what_has_ended_changes_nothing() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            waiting.gates["a"].set()
            task_id = await start(client, "job", gate="a")
            before = await status(client, task_id, "completed")
            await client.call("tasks/cancel", {"taskId": task_id})
            assert await get(client, task_id) == before

    in_loop(work)


def test_notifications_cancelled_does_not_stop_a_task() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            request_id = client.request("tools/call", {"name": "job", "arguments": {"gate": "a"}})
            task_id = (await client.result(request_id))["taskId"]
            client.cancel(request_id)
            await client.quiet()
            waiting.gates["a"].set()
            await status(client, task_id, "completed")

    in_loop(work)


def test_a_task_outlives_the_connection_that_started_it() -> None:
    async def work() -> None:
        async with background() as (served, client, _):
            task_id = await start(client, "job", gate="a")
            await waiting.running["a"].wait()
            served.connections[0].close()
            waiting.gates["a"].set()
            again = await served.client(MODERN, capabilities=SPEAKS)
            await status(again, task_id, "completed")

    in_loop(work)


def test_stopping_the_server_stops_its_tasks() -> None:
    async def work() -> None:
        async with background() as (served, client, _):
            task_id = await start(client, "job", gate="a")
            await waiting.running["a"].wait()
            await served.server.drain(0)
            await status(client, task_id, "cancelled")
            assert waiting.stopped == ["a"]

    in_loop(work)
