"""What a tool asks of the client in 2026-07-28: the call ends with its questions and comes again with the answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.protocol.rounds import ROOTS, SAID, Call, asked, name
from tests.support.schema import MODERN
from tests.support.served import in_loop, serving
from tests.support.wire import failing


@pytest.mark.parametrize(
    ("answer", "said"),
    [(name("Ada"), "Hello Ada"), ({"action": "decline"}, "decline"), ({"action": "cancel"}, "cancel")],
)
def test_a_form(answer: dict[str, Any], said: str) -> None:
    async def work() -> None:
        async with asked() as (_, client):
            call = Call(client, "ask_name")
            [(key, question)] = (await call.start()).items()
            assert question["method"] == "elicitation/create"
            assert question["params"]["mode"] == "form"
            assert "default" in question["params"]["requestedSchema"]["properties"]["age"]
            assert await call.end({key: answer}) == said
            assert not client.asked

    in_loop(work)


def test_a_page_to_open_sampling_and_roots() -> None:
    async def work() -> None:
        async with asked() as (_, client):
            for tool, method, answer, said in (
                ("ask_url", "elicitation/create", {"action": "accept"}, "accept"),
                ("sample", "sampling/createMessage", SAID, "small said hi"),
                ("sample_tools", "sampling/createMessage", {**SAID, "stopReason": "toolUse"}, "toolUse"),
                ("list_roots", "roots/list", ROOTS, "file:///home"),
                ("forms", "elicitation/create", {"action": "accept", "content": {"text": "x"}}, "accept"),
                ("newer_forms", "elicitation/create", {"action": "accept", "content": {"seen": ["x"]}}, "x"),
            ):
                call = Call(client, tool)
                [(key, question)] = (await call.start()).items()
                assert question["method"] == method
                assert "elicitationId" not in question["params"]
                assert await call.end({key: answer}) == said

    in_loop(work)


@pytest.mark.parametrize("tool", ["ask_at_once", "ask_many"])
def test_several_questions_in_one_round(tool: str) -> None:
    async def work() -> None:
        async with asked() as (_, client):
            call = Call(client, tool)
            questions = await call.start()
            by_method = {question["method"]: key for key, question in questions.items()}
            assert len(by_method) == 3
            answers = {
                by_method["elicitation/create"]: name("Ada"), by_method["sampling/createMessage"]: SAID,
                by_method["roots/list"]: ROOTS,
            }  # fmt: skip
            assert await call.end(answers) == "Ada, hi, file:///home"

    in_loop(work)


@pytest.mark.parametrize("tool", ["ask_at_once", "ask_many"])
def test_what_is_missing_is_asked_again_and_what_was_answered_is_kept(tool: str) -> None:
    async def work() -> None:
        async with asked() as (_, client):
            call = Call(client, tool)
            questions = await call.start()
            answers = {"elicitation/create": name("Ada"), "sampling/createMessage": SAID, "roots/list": ROOTS}
            left = set(questions)
            for key, question in questions.items():
                left.remove(key)
                answer = {key: answers[question["method"]]}
                if left:
                    assert set(await call.again(answer)) == left
                else:
                    assert await call.end(answer) == "Ada, hi, file:///home"

    in_loop(work)


def test_many_rounds() -> None:
    async def work() -> None:
        async with asked() as (_, client):
            call = Call(client, "ask_in_turn")
            seen = set()
            [key] = await call.start()
            for value in ("one", "two"):
                seen.add(key)
                [key] = await call.again({key: name(value)})
                assert key not in seen
            assert await call.end({key: name("three")}) == "one two three"

    in_loop(work)


@pytest.mark.parametrize("answers", [None, {}, {"something else": {"action": "accept"}, "elicit-99": "x"}])
def test_a_retry_without_the_answer_is_asked_again(answers: dict[str, Any] | None) -> None:
    async def work() -> None:
        async with asked() as (_, client):
            call = Call(client, "ask_name")
            first = await call.start()
            assert await call.again(answers) == first
            assert await call.end({next(iter(first)): name("Ada"), "extra": 7}) == "Hello Ada"

    in_loop(work)


def test_an_answer_that_was_given_cannot_be_changed_later() -> None:
    async def work() -> None:
        async with asked() as (_, client):
            call = Call(client, "ask_in_turn")
            [one] = await call.start()
            [two] = await call.again({one: name("one")})
            [three] = await call.again({two: name("two"), one: name("forged")})
            assert await call.end({three: name("three"), two: name("forged")}) == "one two three"

    in_loop(work)


@pytest.mark.parametrize(
    ("tool", "answer"),
    [
        ("ask_name", {}),
        ("ask_name", {"action": "maybe"}),
        ("ask_name", {"action": "accept", "content": []}),
        ("ask_name", None),
        ("ask_name", 7),
        ("list_roots", {"roots": [{}]}),
        ("sample", {"role": "assistant"}),
        ("sample", SAID | {"content": "hi"}),
    ],
)
def test_an_answer_that_is_none(tool: str, answer: Any) -> None:
    async def work() -> None:
        async with asked() as (_, client):
            call = Call(client, tool)
            [key] = await call.start()
            error = await failing(call.end({key: answer}))
            assert error.code == -32602
            assert key in error.message

    in_loop(work)


def test_an_answer_that_is_none_is_refused_even_when_others_are_missing() -> None:
    async def work() -> None:
        async with asked() as (_, client):
            call = Call(client, "ask_many")
            await call.start()
            assert (await failing(call.end({"who": {"action": "maybe"}}))).code == -32602
            assert set(await call.again({"who": name("Ada")})) == {"say", "where"}

    in_loop(work)


@pytest.mark.parametrize("responses", [[], "x", 7])
def test_responses_that_are_no_object(responses: Any) -> None:
    async def work() -> None:
        async with asked() as (_, client):
            call = Call(client, "ask_name")
            await call.start()
            assert (await failing(call.end(responses))).code == -32602

    in_loop(work)


@pytest.mark.parametrize(
    ("tool", "declared", "missing"),
    [
        ("ask_name", {}, {"elicitation": {}}),
        ("ask_name", {"elicitation": {"url": {}}}, {"elicitation": {}}),
        ("ask_url", {"elicitation": {}}, {"elicitation": {"url": {}}}),
        ("sample", {"elicitation": {}}, {"sampling": {}}),
        ("sample_tools", {"sampling": {}}, {"sampling": {"tools": {}}}),
        ("list_roots", {}, {"roots": {}}),
        ("ask_many", {"elicitation": {}, "roots": {}}, {"sampling": {}}),
    ],
)
def test_a_client_that_did_not_say_it_can(tool: str, declared: dict[str, Any], missing: dict[str, Any]) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(MODERN, capabilities=declared)
            error = await failing(client.tool(tool))
            assert error.code == -32021
            assert error.data == {"requiredCapabilities": missing}

    in_loop(work)


def test_capabilities_count_for_one_request_only() -> None:
    async def work() -> None:
        async with asked() as (_, client):
            call = Call(client, "ask_in_turn")
            [key] = await call.start()
            client.capabilities = {}
            assert (await failing(call.end({key: name("one")}))).code == -32021

    in_loop(work)


def test_resources_can_ask_too() -> None:
    async def work() -> None:
        async with asked() as (_, client):
            result = await client.call("resources/read", {"uri": "kinds://private"})
            assert result["resultType"] == "input_required"
            done = await client.call(
                "resources/read",
                {
                    "uri": "kinds://private",
                    "requestState": result["requestState"],
                    "inputResponses": dict.fromkeys(result["inputRequests"], name("Ada")),
                },
            )
            assert done["contents"][0]["text"] == "opened by Ada"

    in_loop(work)


def test_cancelling_a_call_that_is_about_to_ask() -> None:
    async def work() -> None:
        async with asked() as (_, client):
            client.cancel(client.request("tools/call", {"name": "ask_name"}))
            assert await client.quiet() == []
            assert not client.ended

    in_loop(work)


def test_a_call_that_asked_leaves_nothing_running() -> None:
    async def work() -> None:
        async with asked() as (served, client):
            for _ in range(20):
                await Call(client, "ask_at_once").start()
            await client.quiet()
            assert served.host.health().in_flight == 0

    in_loop(work)
