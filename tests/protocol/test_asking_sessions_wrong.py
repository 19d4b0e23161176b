"""Questions in the revisions with sessions that get no answer, a wrong one, or one too many."""

from __future__ import annotations

from typing import Any

import pytest

from tests.protocol.rounds import name
from tests.protocol.sessions import text_of, with_forms
from tests.support.served import in_loop, serving
from tests.support.wire import EVERYTHING, failing


@with_forms
@pytest.mark.parametrize(
    "error", [{"code": -1, "message": "The user is out."}, {"code": -32601, "message": "no"}, "x", 7, None]
)
def test_a_client_that_answers_with_an_error(revision: str, error: Any) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision, capabilities={"elicitation": {}})
            request_id = client.request("tools/call", {"name": "ask_name"})
            question = await client.question()
            client.send({"jsonrpc": "2.0", "id": question["id"], "error": error})
            if isinstance(error, dict):
                result = await client.result(request_id)
                assert result["isError"]
                assert error["message"] in text_of(result)
            else:
                assert (await failing(client.result(request_id))).code == -32602

    in_loop(work)


@with_forms
def test_one_error_among_several_questions_takes_the_others_back(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision, capabilities=EVERYTHING)
            request_id = client.request("tools/call", {"name": "ask_many"})
            questions = {question["method"]: question["id"] for question in [await client.question() for _ in range(3)]}
            client.send({"jsonrpc": "2.0", "id": questions["roots/list"], "error": {"code": -1, "message": "No."}})
            assert (await client.result(request_id))["isError"]
            taken_back = {note["params"]["requestId"] for note in await client.quiet()}
            assert taken_back == {questions["elicitation/create"], questions["sampling/createMessage"]}

    in_loop(work)


MALFORMED: list[tuple[str, Any]] = [
    ("ask_name", {}),
    ("ask_name", {"action": "maybe"}),
    ("ask_name", {"action": "accept", "content": []}),
    ("ask_name", None),
    ("ask_name", "accept"),
    ("list_roots", {}),
    ("list_roots", {"roots": [{"name": "x"}]}),
    ("list_roots", {"roots": "x"}),
    ("sample", {"role": "assistant"}),
    ("sample", {"role": "robot", "content": {}, "model": "x"}),
    ("sample", {"role": "assistant", "content": "hi", "model": "x"}),
]


@with_forms
@pytest.mark.parametrize(("tool", "answer"), MALFORMED)
def test_an_answer_that_is_none(revision: str, tool: str, answer: Any) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision, capabilities=EVERYTHING)
            request_id = client.request("tools/call", {"name": tool})
            question = await client.question()
            client.send({"jsonrpc": "2.0", "id": question["id"], "result": answer})
            error = await failing(client.result(request_id))
            assert error.code == -32602
            assert question["method"] in error.message

    in_loop(work)


@with_forms
def test_an_answer_that_does_not_fit_the_form_is_for_the_model(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision, capabilities=EVERYTHING)
            client.answers["elicitation/create"] = lambda params: {"action": "accept", "content": {"name": 7}}
            result = await client.tool("ask_name")
            assert result["isError"]
            assert "does not fit the question" in text_of(result)

    in_loop(work)


@with_forms
def test_an_answer_with_result_and_error_ends_the_wait(revision: str) -> None:
    """Neither is allowed beside the other. A null error is what some clients write for none."""

    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision, capabilities=EVERYTHING)
            for error, expected in ((None, "Hello Ada"), ({"code": 1, "message": "No."}, "No.")):
                request_id = client.request("tools/call", {"name": "ask_name"})
                question = await client.question()
                client.send({"jsonrpc": "2.0", "id": question["id"], "result": name("Ada"), "error": error})
                assert expected in text_of(await client.result(request_id))

    in_loop(work)


@with_forms
def test_a_broken_answer_is_not_taken_for_an_answer_to_a_request_of_the_client(revision: str) -> None:
    """Both sides count their own ids from 1: an error sent to "id 1" would end the client's own request 1."""

    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision, capabilities=EVERYTHING)
            request_id = client.request("tools/call", {"name": "ask_name"})
            question = await client.question()
            client.send({"jsonrpc": "1.0", "id": question["id"], "result": name("Ada")})
            client.send({"jsonrpc": "2.0", "id": question["id"], "result": name("Bo")})
            assert text_of(await client.result(request_id)) == "Hello Bo"
            refusal = client.ended.get(None) or client.notes[0]
            assert "id" not in refusal

    in_loop(work)


@with_forms
def test_cancelling_the_call_takes_the_question_back(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision, capabilities=EVERYTHING)
            request_id = client.request("tools/call", {"name": "ask_name"})
            question = await client.question()
            client.cancel(request_id)
            assert (await client.note("notifications/cancelled"))["requestId"] == question["id"]
            client.send({"jsonrpc": "2.0", "id": question["id"], "result": name("too late")})
            assert await client.quiet() == []
            assert not client.ended

    in_loop(work)


@with_forms
def test_an_answer_given_twice_counts_once(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision, capabilities=EVERYTHING)
            request_id = client.request("tools/call", {"name": "ask_name"})
            question = await client.question()
            for value in ("first", "second"):
                client.send({"jsonrpc": "2.0", "id": question["id"], "result": name(value)})
            assert text_of(await client.result(request_id)) == "Hello first"
            assert await client.quiet() == []

    in_loop(work)
