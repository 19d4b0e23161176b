"""What a tool asks of the client in 2026-07-28: the call ends with its questions and comes again with the answers."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Paths
from mcp_agent.protocol.limits import Limits
from tests.support.schema import MODERN
from tests.support.served import FakeClock, in_loop, serving
from tests.support.wire import EVERYTHING, Client, failing

SAID = {"role": "assistant", "content": {"type": "text", "text": "hi"}, "model": "small", "stopReason": "endTurn"}
ROOTS = {"roots": [{"uri": "file:///home"}]}


def name(value: str) -> dict[str, Any]:
    return {"action": "accept", "content": {"name": value, "age": 3}}


def text_of(result: dict[str, Any]) -> str:
    assert result["resultType"] == "complete"
    text: str = result["content"][0]["text"]
    return text


class Call:
    """A call and its retries, as a client makes them."""

    def __init__(self, client: Client, tool: str, **arguments: Any) -> None:
        self.client = client
        self.params: dict[str, Any] = {"name": tool, "arguments": arguments}
        self.state: str | None = None
        self.questions: dict[str, Any] = {}

    async def start(self) -> dict[str, Any]:
        """The questions of the first round."""
        return await self.questions_of(self.params)

    async def questions_of(self, params: dict[str, Any]) -> dict[str, Any]:
        result = await self.client.call("tools/call", params)
        assert result["resultType"] == "input_required", result
        self.state = result["requestState"]
        self.questions = result["inputRequests"]
        assert self.questions
        return self.questions

    def retry(self, answers: dict[str, Any] | None, **other: Any) -> dict[str, Any]:
        """Parameters of the next round."""
        more: dict[str, Any] = {"requestState": self.state}
        if answers is not None:
            more["inputResponses"] = answers
        return {**self.params, **more, **other}

    async def again(self, answers: dict[str, Any] | None = None, **other: Any) -> dict[str, Any]:
        """The questions of the next round."""
        return await self.questions_of(self.retry(answers, **other))

    async def end(self, answers: dict[str, Any] | None = None, **other: Any) -> str:
        """The text at the end."""
        return text_of(await self.client.call("tools/call", self.retry(answers, **other)))


@asynccontextmanager
async def asked(**options: Any) -> AsyncIterator[tuple[Any, Client]]:
    async with serving(**options) as served:
        yield served, await served.client(MODERN, capabilities=EVERYTHING)


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


# --- what the state is good for ------------------------------------------------------------------


def _tampered(state: str) -> list[str]:
    raw = base64.urlsafe_b64decode(state)
    flipped = [bytes([*raw[:i], raw[i] ^ 1, *raw[i + 1 :]]) for i in (0, 11, 12, len(raw) // 2, len(raw) - 1)]
    cut = [raw[:-1], raw[1:], raw[:12], raw[:5], raw + b"\0"]
    encoded = [base64.urlsafe_b64encode(one).decode() for one in (*flipped, *cut)]
    return [*encoded, "", "x", "é", "\u0000", state[:-4], state + "AAAA", "{}", "A" + state]


def test_state_that_was_changed() -> None:
    async def work() -> None:
        async with asked() as (_, client):
            call = Call(client, "ask_name")
            [key] = await call.start()
            assert call.state is not None
            for state in _tampered(call.state):
                error = await failing(call.end({key: name("Eve")}, requestState=state))
                assert error.code == -32602
                assert "requestState" in error.message
            assert await call.end({key: name("Ada")}) == "Hello Ada"

    in_loop(work)


@pytest.mark.parametrize(
    "other",
    [
        {"arguments": {"greeting": "Bye"}},
        {"arguments": {"greeting": "Hello", "note": [1, 2]}},
        {"arguments": {}},
        {"name": "ask_in_turn", "arguments": {}},
        {"name": "ask_url", "arguments": {"greeting": "Hello", "note": {"b": 1, "a": [1.5, None]}}},
    ],
)
def test_state_of_another_request(other: dict[str, Any]) -> None:
    async def work() -> None:
        async with asked() as (_, client):
            call = Call(client, "ask_name", greeting="Hello", note={"b": 1, "a": [1.5, None]})
            [key] = await call.start()
            error = await failing(call.end({key: name("Eve")}, **other))
            assert error.code == -32602
            assert "another request" in error.message

    in_loop(work)


def test_state_of_another_method() -> None:
    async def work() -> None:
        async with asked() as (_, client):
            result = await client.call("prompts/get", {"name": "personal"})
            retry = {"requestState": result["requestState"], "inputResponses": {"elicit-1": name("Ada")}}
            assert (await failing(client.call("tools/call", {"name": "personal", **retry}))).code == -32602
            assert (await failing(client.call("resources/read", {"uri": "personal", **retry}))).code == -32602
            assert (await failing(client.call("prompts/get", {"name": "paint", **retry}))).code == -32602
            done = await client.call("prompts/get", {"name": "personal", **retry})
            assert done["messages"][0]["content"]["text"] == "Greet Ada"

    in_loop(work)


def test_state_of_somebody_else() -> None:
    async def work() -> None:
        async with asked() as (served, client):
            call = Call(client, "ask_name")
            [key] = await call.start()
            call.client = await served.client(MODERN, name="eve", capabilities=EVERYTHING)
            assert (await failing(call.end({key: name("Eve")}))).code == -32602
            call.client = await served.client(MODERN, capabilities=EVERYTHING, kind="http")
            assert (await failing(call.end({key: name("Eve")}))).code == -32602
            call.client = await served.client(MODERN, capabilities=EVERYTHING)  # the same, on another connection
            assert await call.end({key: name("Ada")}) == "Hello Ada"

    in_loop(work)


def test_state_that_is_too_old() -> None:
    async def work() -> None:
        clock = FakeClock()
        async with asked(clock=clock, limits=Limits(state_ttl=60)) as (_, client):
            call = Call(client, "ask_name")
            [key] = await call.start()
            clock.now += 59
            assert await call.end({key: name("Ada")}) == "Hello Ada"
            clock.now += 2
            error = await failing(call.end({key: name("Ada")}))
            assert error.code == -32602
            assert "expired" in error.message

    in_loop(work)


def test_spelling_of_the_arguments_does_not_matter() -> None:
    async def work() -> None:
        async with asked() as (_, client):
            call = Call(client, "ask_name", greeting="Ålso", note={"b": 1, "a": [1, {"y": 1, "x": 2}]})
            [key] = await call.start()
            request_id, message = client.frame("tools/call", call.retry({key: name("Ada")}, arguments="HERE"))
            spelled = rb'{ "note" : {"a":[1,{"x":2, "y":1}]  ,"b":1},"greeting":"\u00c5lso"}'
            client.line.send_frame(json.dumps(message).encode().replace(b'"HERE"', spelled))
            assert text_of(await client.result(request_id)) == "Ålso Ada"

    in_loop(work)


def test_the_state_says_nothing_to_who_reads_it() -> None:
    async def work() -> None:
        async with asked() as (_, client):
            call = Call(client, "ask_in_turn")
            [key] = await call.start()
            await call.again({key: name("topsecret")})
            assert call.state is not None
            assert b"topsecret" not in base64.urlsafe_b64decode(call.state)

    in_loop(work)


def test_a_retry_that_reaches_another_host_on_the_same_home(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path / "data", tmp_path / "state")

    async def work() -> None:
        async with asked(paths=paths) as (_, client):
            call = Call(client, "ask_in_turn")
            [key] = await call.start()
        async with asked(paths=paths) as (_, other):
            call.client = other
            [key] = await call.again({key: name("one")})
        async with asked(paths=paths) as (_, third), asked(paths=paths) as (_, fourth):
            call.client = third
            [key] = await call.again({key: name("two")})
            call.client = fourth
            assert await call.end({key: name("three")}) == "one two three"
        async with asked() as (_, stranger):
            call.client = stranger
            assert (await failing(call.end({key: name("three")}))).code == -32602

    in_loop(work)


# --- who can be asked ----------------------------------------------------------------------------


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
