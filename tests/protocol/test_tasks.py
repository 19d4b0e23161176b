"""Calls that go on in the background: tasks for those who speak the extension, a handle in words for the rest."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from mcp_agent.protocol.limits import Limits
from tests.plugins import kinds
from tests.support.schema import LEGACY, MODERN, REVISIONS
from tests.support.served import KINDS, FakeClock, Served, in_loop, serving
from tests.support.wire import EVERYTHING, PREFIX, TASKS, Client, failing

SPEAKS = {**EVERYTHING, "extensions": {TASKS: {}}}
AT_ONCE = 1e-6
"""A threshold that anything which waits outlives."""


@pytest.fixture(autouse=True)
def _fresh_gates() -> None:
    for table in (kinds.gates, kinds.running, kinds.stopped):
        table.clear()


def name(value: str) -> dict[str, Any]:
    return {"action": "accept", "content": {"name": value, "age": 3}}


@asynccontextmanager
async def background(*, after: float = 0, **limits: Any) -> AsyncIterator[tuple[Served, Client, FakeClock]]:
    """A server, a client that speaks tasks, and the clock."""
    clock = FakeClock()
    async with serving(
        KINDS, "mcp_agent_system", clock=clock, limits=Limits(background_after=after, **limits)
    ) as served:
        yield served, await served.client(MODERN, capabilities=SPEAKS), clock


async def start(client: Client, tool: str, **arguments: Any) -> str:
    """The id of the task that a call became."""
    result = await client.call("tools/call", {"name": tool, "arguments": arguments})
    assert result["resultType"] == "task"
    assert result["status"] == "working"
    task_id: str = result["taskId"]
    return task_id


async def get(client: Client, task_id: str) -> dict[str, Any]:
    return await client.call("tasks/get", {"taskId": task_id})


async def status(client: Client, task_id: str, wanted: str) -> dict[str, Any]:
    """The task once it is in this state. The server is in this process: it takes turns of the loop, not time."""
    for _ in range(200):
        task = await get(client, task_id)
        if task["status"] == wanted:
            return task
        await asyncio.sleep(0)
    raise AssertionError(f"still {task}")


# --- becoming a task -----------------------------------------------------------------------------


def test_a_call_that_outlives_the_threshold_becomes_a_task() -> None:
    async def work() -> None:
        async with background(after=AT_ONCE) as (served, client, _):
            task_id = await start(client, "hold", gate="a")
            task = await get(client, task_id)
            assert (task["status"], task["resultType"]) == ("working", "complete")
            assert task["pollIntervalMs"] == 1000
            assert not {"result", "error", "inputRequests"} & set(task)
            kinds.gates["a"].set()
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
            await kinds.running["a"].wait()
            kinds.gates["a"].set()
            assert (await client.result(request_id))["resultType"] == "complete"

    in_loop(work)


def test_a_tool_that_always_goes_to_the_background_and_one_that_chooses_when() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            task_id = await start(client, "job", gate="a")
            assert (await status(client, task_id, "working"))["taskId"] == task_id
            await kinds.running["a"].wait()
            assert (await get(client, task_id))["statusMessage"] == "half way"
            kinds.gates["a"].set()
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
            kinds.gates["b"].set()
            done = await status(client, begun["taskId"], "completed")
            assert done["result"]["content"][0]["text"] == "hello Ada"

    in_loop(work)


def test_progress_and_logs_stop_where_the_task_begins() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            meta = {"progressToken": "t", PREFIX + "logLevel": "debug"}
            params = {"name": "job", "arguments": {"gate": "a"}}
            assert (await client.call("tools/call", params, meta=meta))["resultType"] == "task"
            await kinds.running["a"].wait()
            assert await client.quiet() == []

    in_loop(work)


# --- how tasks end -------------------------------------------------------------------------------


def test_an_error_of_the_tool_completes_the_task_and_a_bug_too() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            kinds.gates["a"].set()
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
            kinds.gates["a"].set()
            task = await status(client, task_id, "failed")
            assert task["error"]["code"] == -32603
            assert "trace" in task["error"]["message"]

    in_loop(work)


def test_cancelling() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            task_id = await start(client, "job", gate="a")
            await kinds.running["a"].wait()
            ack = await client.call("tasks/cancel", {"taskId": task_id})
            assert ack["resultType"] == "complete"
            assert set(await status(client, task_id, "cancelled")) & {"result", "error"} == set()
            assert kinds.stopped == ["a"]
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
            assert not kinds.running["a"].is_set()
            client.ended.pop(opened, None)
            await client.result(cancel)
            await status(client, task_id, "cancelled")
            assert not kinds.running["a"].is_set()

    in_loop(work)


def test_cancelling_what_has_ended_changes_nothing() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            kinds.gates["a"].set()
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
            kinds.gates["a"].set()
            await status(client, task_id, "completed")

    in_loop(work)


def test_a_task_outlives_the_connection_that_started_it() -> None:
    async def work() -> None:
        async with background() as (served, client, _):
            task_id = await start(client, "job", gate="a")
            await kinds.running["a"].wait()
            served.connections[0].close()
            kinds.gates["a"].set()
            again = await served.client(MODERN, capabilities=SPEAKS)
            await status(again, task_id, "completed")

    in_loop(work)


def test_stopping_the_server_stops_its_tasks() -> None:
    async def work() -> None:
        async with background() as (served, client, _):
            task_id = await start(client, "job", gate="a")
            await kinds.running["a"].wait()
            await served.server.drain(0)
            await status(client, task_id, "cancelled")
            assert kinds.stopped == ["a"]

    in_loop(work)


# --- asking inside a task ------------------------------------------------------------------------


def test_questions_of_a_task() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            task_id = await start(client, "asking_job")
            task = await status(client, task_id, "input_required")
            first = dict(task["inputRequests"])
            assert [question["params"]["message"] for question in first.values()] == ["Name?", "Place?"]
            a, b = first

            ack = await client.call("tasks/update", {"taskId": task_id, "inputResponses": {a: name("Ada"), "x": 7}})
            assert ack["resultType"] == "complete"
            task = await get(client, task_id)
            assert (task["status"], list(task["inputRequests"])) == ("input_required", [b])

            answers = {a: name("too late"), b: name("Oulu")}
            await client.call("tasks/update", {"taskId": task_id, "inputResponses": answers})
            task = await status(client, task_id, "input_required")
            [c] = task["inputRequests"]
            assert c not in first  # though the tool asked under a key it had used
            await client.call("tasks/update", {"taskId": task_id, "inputResponses": {a: name("x"), c: name("Bo")}})
            done = await status(client, task_id, "completed")
            assert done["result"]["content"][0]["text"] == "Ada of Oulu, accept"
            assert "inputRequests" not in done

    in_loop(work)


def test_a_task_works_again_once_all_is_answered() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            task_id = await start(client, "asking_job", gate="a")
            task = await status(client, task_id, "input_required")
            answers = dict.fromkeys(task["inputRequests"], name("Ada"))
            await client.call("tasks/update", {"taskId": task_id, "inputResponses": answers})
            await kinds.running["a"].wait()
            assert (await get(client, task_id))["status"] == "working"

    in_loop(work)


def test_an_answer_that_is_none_is_refused_and_the_question_stays() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            task_id = await start(client, "asking_job")
            task = await status(client, task_id, "input_required")
            a, b = task["inputRequests"]
            for wrong in ({}, {"action": "maybe"}, None, 7):
                update = {"taskId": task_id, "inputResponses": {a: name("Ada"), b: wrong}}
                error = await failing(client.call("tasks/update", update))
                assert error.code == -32602
                assert b in error.message
            assert set((await get(client, task_id))["inputRequests"]) == {a, b}

    in_loop(work)


def test_keys_are_unique_however_the_tool_names_them() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            task_id = await start(client, "twisted_job")
            seen: set[str] = set()
            for _ in range(4):
                task = await status(client, task_id, "input_required")
                [key] = task["inputRequests"]
                assert key not in seen
                seen.add(key)
                await client.call("tasks/update", {"taskId": task_id, "inputResponses": {key: name("x")}})
            await status(client, task_id, "completed")

    in_loop(work)


def test_cancelling_a_task_that_waits_for_an_answer() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            task_id = await start(client, "asking_job")
            await status(client, task_id, "input_required")
            await client.call("tasks/cancel", {"taskId": task_id})
            assert "inputRequests" not in await status(client, task_id, "cancelled")

    in_loop(work)


# --- hearing of tasks ----------------------------------------------------------------------------


def test_a_stream_tells_of_each_change() -> None:
    async def work() -> None:
        async with background() as (_, client, _):
            task_id = await start(client, "asking_job")
            other = await start(client, "job", gate="a")
            params = {"notifications": {"taskIds": [task_id, "of nobody"]}}
            client.request("subscriptions/listen", params, request_id="s")
            ack = await client.note("notifications/subscriptions/acknowledged")
            assert ack["notifications"] == {"taskIds": [task_id]}
            await client.call("tasks/cancel", {"taskId": other})
            asking = await client.note("notifications/tasks", lambda task: task["status"] == "input_required")
            assert asking["_meta"] == {PREFIX + "subscriptionId": "s"}
            answers = dict.fromkeys(asking["inputRequests"], name("Ada"))
            await client.call("tasks/update", {"taskId": task_id, "inputResponses": answers})
            asking = await client.note("notifications/tasks", lambda task: task["status"] == "input_required")
            answers = dict.fromkeys(asking["inputRequests"], name("Ada"))
            await client.call("tasks/update", {"taskId": task_id, "inputResponses": answers})
            done = await client.note("notifications/tasks", lambda task: task["status"] == "completed")
            assert done["result"]["content"][0]["text"] == "Ada of Ada, accept"
            assert {note["params"]["taskId"] for note in await client.quiet()} <= {task_id}

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


# --- for the rest --------------------------------------------------------------------------------


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_handle_in_words_and_the_tool_that_polls_it(revision: str) -> None:
    async def work() -> None:
        async with serving(KINDS, "mcp_agent_system", background_after=AT_ONCE) as served:
            client = await served.client(revision)
            handle = await client.tool("hold", gate="a")
            assert "isError" not in handle
            text = handle["content"][0]["text"]
            assert "system_job" in text
            [job_id] = re.findall(r"as job (\S+?)\. ", text)
            polled = await client.tool("system_job", id=job_id)
            assert "has been running" in polled["content"][0]["text"]
            kinds.gates["a"].set()
            for _ in range(200):
                polled = await client.tool("system_job", id=job_id)
                if "through a" in polled["content"][0]["text"]:
                    break
            else:
                raise AssertionError(polled)

    in_loop(work)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_handle_cannot_fit_an_output_schema_so_it_is_marked_as_an_error(revision: str) -> None:
    async def work() -> None:
        async with background(after=AT_ONCE) as (served, _, _):
            client = await served.client(revision)
            assert (await client.tool("hold_structured", gate="a"))["isError"] is True

    in_loop(work)


@pytest.mark.parametrize("revision", REVISIONS)
def test_without_a_tool_that_polls_a_call_just_takes_its_time(revision: str) -> None:
    async def work() -> None:
        clock = FakeClock()
        async with serving(clock=clock, limits=Limits(background_after=AT_ONCE), job_tool=None) as served:
            client = await served.client(revision)
            request_id = client.request("tools/call", {"name": "hold", "arguments": {"gate": "a"}})
            await kinds.running["a"].wait()
            await client.quiet()
            await client.tool("release", gate="a")
            assert (await client.result(request_id))["content"][0]["text"] == "through a"

    in_loop(work)


@pytest.mark.parametrize("revision", LEGACY[2:])
def test_a_session_can_still_be_asked_from_the_background(revision: str) -> None:
    async def work() -> None:
        async with serving(KINDS, "mcp_agent_system") as served:
            client = await served.client(revision, capabilities=EVERYTHING)
            client.answers["elicitation/create"] = lambda params: name("Ada")
            handle = await client.tool("asking_job")
            [job_id] = re.findall(r"as job (\S+?)\. ", handle["content"][0]["text"])
            for _ in range(200):
                polled = await client.tool("system_job", id=job_id)
                if "Ada of Ada" in polled["content"][0]["text"]:
                    break
            else:
                raise AssertionError(polled)

    in_loop(work)


# --- bounds --------------------------------------------------------------------------------------


def test_as_many_tasks_as_may_be_and_no_more() -> None:
    async def work() -> None:
        async with background(jobs=2) as (_, client, _):
            first, second = await start(client, "job", gate="a"), await start(client, "job", gate="b")
            third = client.request("tools/call", {"name": "job", "arguments": {"gate": "c"}})
            await kinds.running["c"].wait()
            kinds.gates["c"].set()
            assert (await client.result(third))["content"][0]["text"] == "job through c"  # in the foreground
            kinds.gates["a"].set()
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
            kinds.gates["a"].set()
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
