"""What calls, reads and prompts give, per revision."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.schema import LEGACY, MODERN, REVISIONS
from tests.support.served import in_loop, serving
from tests.support.wire import failing

every_revision = pytest.mark.parametrize("revision", REVISIONS)


def text_of(result: dict[str, Any]) -> str:
    return "\n".join(block["text"] for block in result["content"] if block["type"] == "text")


@every_revision
def test_a_tool_that_gives_text(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            result = await (await served.client(revision)).tool("echo", text="grüße \u2028 \x00")
            assert text_of(result) == "grüße \u2028 \x00"
            assert "isError" not in result

    in_loop(work)


@every_revision
def test_structured_content(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            for name, arguments, expected in (
                ("weather", {"city": "Oulu"}, {"city": "Oulu", "degrees": 21.5}),
                ("numbers", {}, {"result": [1, 2, 3]}),
            ):
                result = await client.tool(name, **arguments)
                assert json.loads(text_of(result)) == expected.get("result", expected)
                if revision >= "2025-06-18":
                    assert result["structuredContent"] == expected
                else:
                    assert "structuredContent" not in result

    in_loop(work)


@every_revision
def test_every_kind_of_content_or_words_in_its_place(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            words, image, audio, link, embedded, blob = (await (await served.client(revision)).tool("every_kind"))[
                "content"
            ]
            assert words == {"type": "text", "text": "words", "annotations": {"audience": ["user"], "priority": 0.5}}
            assert (image["type"], image["data"], image["mimeType"]) == ("image", "iVBORw==", "image/png")
            assert embedded["resource"] == {"uri": "kinds://note", "mimeType": "text/plain", "text": "hi"}
            assert blob["resource"] == {"uri": "kinds://bytes", "mimeType": "image/png", "blob": "AAE="}
            if revision >= "2025-03-26":
                assert (audio["type"], audio["data"]) == ("audio", "UklGRg==")
            else:
                assert audio["type"] == "text"
                assert "4 bytes of audio/wav" in audio["text"]
            if revision >= "2025-06-18":
                assert (link["type"], link["uri"], link["title"]) == ("resource_link", "kinds://note", "A note")
            else:
                assert (link["type"], link["text"]) == ("text", "A note: kinds://note")

    in_loop(work)


@every_revision
def test_meta_of_a_result(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            meta = (await (await served.client(revision)).tool("with_meta"))["_meta"]
            assert meta["example.com/key"] == 1
            assert ("io.modelcontextprotocol/serverInfo" in meta) == (revision == MODERN)

    in_loop(work)


@every_revision
def test_errors_of_a_tool_are_for_the_model(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            for name, arguments, words in (
                ("refuse", {}, "The drawer is locked. Find the key."),
                ("echo", {"txt": "x"}, "Did you mean text?"),
                ("echo", {"text": 7}, "text was 7, but must be text"),
                ("bug", {}, "failed because of a bug in it (trace "),
                ("bottomless", {}, "failed because of a bug in it (trace "),
            ):
                result = await client.tool(name, **arguments)
                assert result["isError"] is True
                assert words in text_of(result)
                assert "secret" not in text_of(result)

    in_loop(work)


@every_revision
def test_a_tool_that_does_not_exist(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            error = await failing((await served.client(revision)).tool("ecko"))
            assert error.code == -32602
            assert "Did you mean echo?" in error.message

    in_loop(work)


@every_revision
@pytest.mark.parametrize("arguments", [[], "x", 7, None])
def test_arguments_that_are_no_object(revision: str, arguments: Any) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            result = await client.call("tools/call", {"name": "echo", "arguments": arguments})
            assert result["isError"] is True
            assert "as an object" in text_of(result)

    in_loop(work)


@every_revision
def test_a_lone_surrogate_does_not_cost_the_answer(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            assert text_of(await client.tool("surrogate")) == "before\ufffdafter"
            assert "file\ufffd" in text_of(await client.tool("surrogate_inside"))

    in_loop(work)


@every_revision
def test_a_result_that_cannot_be_encoded_is_an_error_and_no_silence(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            error = await failing(client.tool("unspeakable"))
            assert error.code == -32603
            assert "trace" in error.message
            assert text_of(await client.tool("echo", text="still here")) == "still here"

    in_loop(work)


@every_revision
def test_resources(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            for uri, expected in (
                ("kinds://note", {"uri": "kinds://note", "mimeType": "text/plain", "text": "hi"}),
                ("kinds://bytes", {"uri": "kinds://bytes", "mimeType": "image/png", "blob": "AAE="}),
                ("kinds://city/S%C3%A3o", {"uri": "kinds://city/S%C3%A3o", "mimeType": "application/json",
                                           "text": '{"city":"São"}'}),
            ):  # fmt: skip
                result = await client.call("resources/read", {"uri": uri})
                assert result["contents"] == [expected]
                if revision == MODERN:
                    assert (result["ttlMs"], result["cacheScope"]) == (0, "private")

    in_loop(work)


@every_revision
@pytest.mark.parametrize("uri", ["kinds://nothing", "kinds://gone", "kinds://city/", "", "not a uri"])
def test_resources_that_are_not_there(revision: str, uri: str) -> None:
    async def work() -> None:
        async with serving() as served:
            error = await failing((await served.client(revision)).call("resources/read", {"uri": uri}))
            assert error.code == (-32602 if revision == MODERN else -32002)
            assert error.data == {"uri": uri}

    in_loop(work)


@every_revision
def test_a_resource_with_a_bug(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            error = await failing((await served.client(revision)).call("resources/read", {"uri": "kinds://broken"}))
            assert error.code == -32603
            assert "trace" in error.message
            assert "secret" not in error.message

    in_loop(work)


@every_revision
def test_prompts(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            result = await client.call("prompts/get", {"name": "paint", "arguments": {"colour": "red"}})
            assert result["description"] == "Ask for a picture."
            kinds = [message["content"]["type"] for message in result["messages"]]
            audio = "audio" if revision >= "2025-03-26" else "text"
            link = "resource_link" if revision >= "2025-06-18" else "text"
            assert kinds == ["text", "image", audio, link, "resource"]
            assert result["messages"][0]["content"]["text"] == "Paint in red, calm"
            assert [message["role"] for message in result["messages"]][:2] == ["user", "assistant"]
            assert (await client.call("prompts/get", {"name": "plain"}))["messages"][0]["content"]["text"]

    in_loop(work)


@every_revision
@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"name": "paint"}, "colour"),
        ({"name": "pain", "arguments": {"colour": "x"}}, "Did you mean plain or paint?"),
        ({"name": "paint", "arguments": {"colour": 7}}, "arguments"),
        ({"name": "paint", "arguments": [1]}, "arguments"),
        ({"name": "mood", "arguments": {"kind": "loud"}}, 'kind was "loud", but must be one of "calm", "wild"'),
        ({}, "name"),
        ({"name": None}, "name"),
    ],
)
def test_prompts_asked_for_wrongly(revision: str, params: dict[str, Any], words: str) -> None:
    async def work() -> None:
        async with serving() as served:
            error = await failing((await served.client(revision)).call("prompts/get", params))
            assert error.code == -32602
            assert words in error.message

    in_loop(work)


@every_revision
def test_completion(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)

            async def complete(ref: dict[str, str], name: str, value: str, **context: str) -> Any:
                params: dict[str, Any] = {"ref": ref, "argument": {"name": name, "value": value}}
                if context:
                    params["context"] = {"arguments": context}
                return (await client.call("completion/complete", params))["completion"]

            paint = {"type": "ref/prompt", "name": "paint"}
            city = {"type": "ref/resource", "uri": "kinds://city/{name}"}
            assert (await complete(paint, "colour", "r"))["values"] == ["red", "rust"]
            assert (await complete(paint, "colour", "r", mood="warm"))["values"] == ["red", "rose"]
            assert (await complete(paint, "mood", "r"))["values"] == []
            many = await complete(city, "name", "x")
            assert (len(many["values"]), many["total"], many["hasMore"]) == (100, 150, True)

    in_loop(work)


@every_revision
@pytest.mark.parametrize(
    "params",
    [
        {"ref": {"type": "ref/prompt", "name": "nothing"}, "argument": {"name": "a", "value": ""}},
        {"ref": {"type": "ref/other"}, "argument": {"name": "a", "value": ""}},
        {"ref": {"type": "ref/prompt", "uri": "kinds://city/{name}"}, "argument": {"name": "a", "value": ""}},
        {"ref": {"type": "ref/prompt", "name": "paint"}, "argument": {"name": "colour"}},
        {"ref": {"type": "ref/prompt", "name": "paint"}},
    ],
)
def test_completion_asked_for_wrongly(revision: str, params: dict[str, Any]) -> None:
    async def work() -> None:
        async with serving() as served:
            assert (await failing((await served.client(revision)).call("completion/complete", params))).code == -32602

    in_loop(work)


@pytest.mark.parametrize("revision", LEGACY)
def test_an_icon_is_never_sent_to_who_does_not_know_it(revision: str) -> None:
    """The schemas are closed for this: see tests/support/schema.py. Here that they are is shown."""
    from tests.support.schema import Invalid, schema

    tool = {"name": "x", "inputSchema": {"type": "object"}, "icons": [{"src": "https://x"}]}
    answer = {"jsonrpc": "2.0", "id": 1, "result": {"tools": [tool]}}
    if revision == "2025-11-25":
        schema(revision).check(answer, "tools/list")
    else:
        with pytest.raises(Invalid, match="icons"):
            schema(revision).check(answer, "tools/list")


@every_revision
def test_a_bug_of_the_server_itself_costs_one_request_only(revision: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            monkeypatch.setattr(served.host.backend, "suggest", lambda kind, name: 1 / 0)
            error = await failing(client.tool("ecko"))
            assert error.code == -32603
            assert "trace" in error.message
            assert text_of(await client.tool("echo", text="still here")) == "still here"

    in_loop(work)


@every_revision
def test_ready_json_over_several_lines_goes_out_on_one(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            result = await (await served.client(revision)).tool("spread_out")
            if revision >= "2025-06-18":
                assert result["structuredContent"] == {"a": "b\nc"}

    in_loop(work)
