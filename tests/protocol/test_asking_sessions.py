"""What a tool asks of the client in the revisions with sessions: a request of the server, in the middle of a call."""

from __future__ import annotations

from typing import Any

import pytest

from tests.protocol.rounds import name
from tests.protocol.sessions import ROOTS, SAID, answer_everything, every_legacy, text_of, with_forms
from tests.support.schema import LEGACY
from tests.support.served import in_loop, serving
from tests.support.wire import EVERYTHING


@with_forms
@pytest.mark.parametrize(
    ("answer", "said"),
    [(name("Ada"), "Hello Ada"), ({"action": "decline"}, "decline"), ({"action": "cancel"}, "cancel")],
)
def test_a_form(revision: str, answer: dict[str, Any], said: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision, capabilities={"elicitation": {}})
            request_id = client.request("tools/call", {"name": "ask_name"})
            question = await client.question()
            assert question["params"]["message"] == "Who are you?"
            assert question["params"]["requestedSchema"]["required"] == ["name"]
            assert set(question["params"]["requestedSchema"]["properties"]) == {"name", "age"}
            assert ("mode" in question["params"]) == (revision == "2025-11-25")
            client.send({"jsonrpc": "2.0", "id": question["id"], "result": answer})
            assert text_of(await client.result(request_id)) == said

    in_loop(work)


@with_forms
def test_a_form_with_every_kind_of_field(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision, capabilities={"elicitation": {}})
            answer_everything(client)
            assert text_of(await client.tool("forms")) == "accept"

    in_loop(work)


def test_fields_that_2025_06_18_does_not_have() -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client("2025-06-18", capabilities={"elicitation": {}})
            client.answers["elicitation/create"] = lambda params: {
                "action": "accept", "content": {"seen": sorted(params["requestedSchema"]["properties"]["titled"])},
            }  # fmt: skip
            assert text_of(await client.tool("newer_forms", several=False)) == "enum enumNames type"
            refused = await client.tool("newer_forms", several=True)
            assert refused["isError"]
            assert "several" in text_of(refused)

    in_loop(work)


def test_a_page_to_open() -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client("2025-11-25", capabilities={"elicitation": {"url": {}}})
            request_id = client.request("tools/call", {"name": "ask_url"})
            question = await client.question()
            assert question["params"]["mode"] == "url"
            assert question["params"]["url"] == "https://example.com/sign-in"
            assert question["params"]["elicitationId"]
            client.send({"jsonrpc": "2.0", "id": question["id"], "result": {"action": "accept"}})
            assert text_of(await client.result(request_id)) == "accept"

    in_loop(work)


@every_legacy
def test_sampling(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision, capabilities={"sampling": {}})
            request_id = client.request("tools/call", {"name": "sample"})
            question = await client.question()
            params = question["params"]
            assert (params["maxTokens"], params["systemPrompt"], params["temperature"]) == (7, "Be brief.", 0.5)
            kinds = [message["content"]["type"] for message in params["messages"]]
            assert kinds == ["text", "image", "audio" if revision >= "2025-03-26" else "text"]
            client.send({"jsonrpc": "2.0", "id": question["id"], "result": SAID})
            assert text_of(await client.result(request_id)) == "small said hi"

    in_loop(work)


def test_sampling_with_tools() -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client("2025-11-25", capabilities={"sampling": {"tools": {}}})
            use = {"type": "tool_use", "id": "1", "name": "weather", "input": {"city": "Oulu"}}
            asked: list[Any] = []

            def answer(params: dict[str, Any]) -> dict[str, Any]:
                asked.append(params)
                return {"role": "assistant", "content": [use], "model": "small", "stopReason": "toolUse"}

            client.answers["sampling/createMessage"] = answer
            assert text_of(await client.tool("sample_tools")) == "toolUse"
            assert asked[0]["tools"][0]["name"] == "weather"

    in_loop(work)


@every_legacy
def test_roots(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision, capabilities={"roots": {"listChanged": True}})
            answer_everything(client)
            assert text_of(await client.tool("list_roots")) == "file:///home file:///work"

    in_loop(work)


@with_forms
@pytest.mark.parametrize("tool", ["ask_at_once", "ask_many"])
def test_several_questions_at_once(revision: str, tool: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision, capabilities=EVERYTHING)
            request_id = client.request("tools/call", {"name": tool})
            questions = [await client.question() for _ in range(3)]  # all are there before any is answered
            assert len({question["id"] for question in questions}) == 3
            answers = {"elicitation/create": name("Ada"), "sampling/createMessage": SAID, "roots/list": ROOTS}
            for question in reversed(questions):
                client.send({"jsonrpc": "2.0", "id": question["id"], "result": answers[question["method"]]})
            assert text_of(await client.result(request_id)) == "Ada, hi, file:///home"

    in_loop(work)


NOT_DECLARED: list[tuple[str, str, dict[str, Any]]] = [
    *((revision, tool, {}) for revision in LEGACY for tool in ("ask_name", "ask_url", "sample", "list_roots")),
    *((revision, "ask_name", {"elicitation": {}}) for revision in LEGACY[:2]),
    ("2025-11-25", "ask_url", {"elicitation": {}}),
    ("2025-11-25", "ask_name", {"elicitation": {"url": {}}}),
    ("2025-06-18", "ask_url", EVERYTHING),
    ("2025-11-25", "sample_tools", {"sampling": {}}),
    ("2025-06-18", "sample_tools", EVERYTHING),
]


@pytest.mark.parametrize(("revision", "tool", "capabilities"), NOT_DECLARED)
def test_a_client_that_did_not_say_it_can_is_not_asked(revision: str, tool: str, capabilities: dict[str, Any]) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision, capabilities=capabilities)
            result = await client.tool(tool)
            assert result["isError"]
            assert "cannot be asked" in text_of(result)
            assert not client.asked

    in_loop(work)


@with_forms
def test_resources_and_prompts_can_ask_too(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision, capabilities=EVERYTHING)
            answer_everything(client)
            read = await client.call("resources/read", {"uri": "kinds://private"})
            assert read["contents"][0]["text"] == "opened by Ada"
            prompt = await client.call("prompts/get", {"name": "personal"})
            assert prompt["messages"][0]["content"]["text"] == "Greet Ada"

    in_loop(work)
