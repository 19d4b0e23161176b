"""Calls that go on in the background, for who speaks tasks: how they begin, whose they are, how many there are."""

from __future__ import annotations

import pytest

from tests.plugins.kinds import waiting
from tests.protocol.background import AT_ONCE, SPEAKS, background, get, start, status
from tests.protocol.rounds import name
from tests.support.schema import MODERN, REVISIONS
from tests.support.served import in_loop
from tests.support.wire import EVERYTHING, PREFIX, TASKS, failing

# --- becoming a task -----------------------------------------------------------------------------


def test_a_call_that_outlives_the_threshold_becomes_a_task() -> None:
    async def work() -> None:
        async with background(after=AT_ONCE) as (served, client, _):
            task_id = await start(client, "hold", gate="a")
            task = await get(client, task_id)
            assert (task["status"], task["resultType"]) == ("working", "complete")
            assert task["pollIntervalMs"] == 1000
            assert not {"result", "error", "inputRequests"} & set(task)
            waiting.gates["a"].set()
            task = await status(client, task_id, "completed")
            assert task["result"]["content"][0]["text"] == "through a"
            assert task["result"]["resultType"] == "complete"
            assert served.host.health().in_flight == 0

    in_loop(work)


def test_a_call_that_is_quick_does_not() -> None:
    async def work() -> None:
        async with background(after=3600) as (_, client, _):
            assert (await client.tool("echo", text="x"))["resultType"] == "complete"

    in_loop(work)


def test_a_threshold_of_nothing_is_none() -> None:
    async def work() -> None:
        async with background(after=0) as (_, client, _):
            request_id = client.request("tools/call", {"name": "hold", "arguments": {"gate": "a"}})
            await waiting.running["a"].wait()
            waiting.gates["a"].set()
            assert (await client.result(request_id))["resultType"] == "complete"

    in_loop(work)


def test_a_tool_that_always_goes_to_the_background_and_one_that_chooses_when() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            task_id = await start(client, "job", gate="a")
            assert (await status(client, task_id, "working"))["taskId"] == task_id
            await waiting.running["a"].wait()
            assert (await get(client, task_id))["statusMessage"] == "half way"
            waiting.gates["a"].set()
            assert (await status(client, task_id, "completed"))["result"]["content"][0]["text"] == "job through a"

            asked = await client.call("tools/call", {"name": "ask_then_detach", "arguments": {"gate": "b"}})
            assert asked["resultType"] == "input_required"
            begun = await client.call(
                "tools/call",
                {
                    "name": "ask_then_detach",
                    "arguments": {"gate": "b"},
                    "requestState": asked["requestState"],
                    "inputResponses": dict.fromkeys(asked["inputRequests"], name("Ada")),
                },
            )
            assert begun["resultType"] == "task"
            waiting.gates["b"].set()
            done = await status(client, begun["taskId"], "completed")
            assert done["result"]["content"][0]["text"] == "hello Ada"

    in_loop(work)


def test_progress_and_logs_stop_where_the_task_begins() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            meta = {"progressToken": "t", PREFIX + "logLevel": "debug"}
            params = {"name": "job", "arguments": {"gate": "a"}}
            assert (await client.call("tools/call", params, meta=meta))["resultType"] == "task"
            await waiting.running["a"].wait()
            assert await client.quiet() == []

    in_loop(work)


# --- whose tasks ---------------------------------------------------------------------------------


def test_tasks_of_somebody_else_and_of_nobody_look_the_same() -> None:
    async def work() -> None:
        async with background() as (served, client, _):
            task_id = await start(client, "job", gate="a")
            eve = await served.client(MODERN, name="eve", capabilities=SPEAKS)
            seen = []
            for one in (task_id, "unheard of", ""):
                for method, more in (("get", {}), ("cancel", {}), ("update", {"inputResponses": {}})):
                    error = await failing(eve.call(f"tasks/{method}", {"taskId": one, **more}))
                    seen.append((error.code, error.message))
            assert len(set(seen)) == 1
            assert seen[0][0] == -32602
            assert (await get(client, task_id))["status"] == "working"

    in_loop(work)


@pytest.mark.parametrize("method", ["tasks/get", "tasks/update", "tasks/cancel"])
def test_who_does_not_speak_tasks(method: str) -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            task_id = await start(client, "job", gate="a")
            client.capabilities = EVERYTHING
            params = {"taskId": task_id, **({"inputResponses": {}} if method == "tasks/update" else {})}
            error = await failing(client.call(method, params))
            assert (error.code, error.data) == (-32021, {"requiredCapabilities": {"extensions": {TASKS: {}}}})

    in_loop(work)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_tool_only_for_those_who_do(revision: str) -> None:
    async def work() -> None:
        async with background() as (served, client, _):
            other = await served.client(revision, capabilities=EVERYTHING)
            error = await failing(other.tool("strict_job"))
            assert error.code == -32021
            assert TASKS in error.message
            await status(client, await start(client, "strict_job"), "completed")

    in_loop(work)


# --- bounds --------------------------------------------------------------------------------------


def test_as_many_tasks_as_may_be_and_no_more() -> None:
    async def work() -> None:
        async with background(jobs=2) as (_, client, _):
            first, second = await start(client, "job", gate="a"), await start(client, "job", gate="b")
            third = client.request("tools/call", {"name": "job", "arguments": {"gate": "c"}})
            await waiting.running["c"].wait()
            waiting.gates["c"].set()
            assert (await client.result(third))["content"][0]["text"] == "job through c"  # in the foreground
            waiting.gates["a"].set()
            await status(client, first, "completed")
            fourth = await start(client, "job", gate="d")  # the oldest that has ended makes room
            assert (await failing(get(client, first))).code == -32602
            for task_id in (second, fourth):
                assert (await get(client, task_id))["status"] == "working"

    in_loop(work)


def test_a_task_is_kept_for_a_time_after_it_ended_and_for_as_long_as_it_runs() -> None:
    async def work() -> None:
        async with background(job_ttl=60) as (_, client, clock):
            task_id = await start(client, "job", gate="a")
            assert (await get(client, task_id))["ttlMs"] == 60_000
            clock.now += 1000
            assert (await get(client, task_id))["ttlMs"] == 1_060_000  # counted from its creation
            waiting.gates["a"].set()
            await status(client, task_id, "completed")
            clock.now += 60
            task = await get(client, task_id)
            assert task["ttlMs"] == 1_060_000
            assert task["createdAt"] < task["lastUpdatedAt"]
            clock.now += 1
            error = await failing(get(client, task_id))
            assert error.code == -32602
            assert "expired" in error.message

    in_loop(work)


def test_ids_cannot_be_guessed() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            ids = {await start(client, "job", gate="a") for _ in range(20)}
            assert len(ids) == 20
            assert all(len(task_id) >= 22 for task_id in ids)  # 132 bits

    in_loop(work)
