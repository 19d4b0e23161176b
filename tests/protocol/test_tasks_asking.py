"""Tasks that ask, and the stream that tells of them."""

from __future__ import annotations

from tests.plugins.kinds import waiting
from tests.protocol.background import background, get, start, status
from tests.protocol.rounds import name
from tests.support.served import in_loop
from tests.support.wire import PREFIX, failing


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
            await waiting.running["a"].wait()
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
