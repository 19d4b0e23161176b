"""MCP 2026-07-28 over HTTP: each request stands alone, and most answers are plain JSON."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.transports.http_client import BOTH, MODERN, PREFIX, answer, meta, modern, request, serving, standard

# --- plain answers -------------------------------------------------------------------------------


def test_an_answer_that_comes_alone_is_plain_json() -> None:
    async def play() -> None:
        async with serving() as served:
            async with served.ask("server/discover") as response:
                assert response.status == 200
                assert "Mcp-Session-Id" not in response.headers
                found = await answer(response, MODERN, "server/discover")
                assert MODERN in found["result"]["supportedVersions"]
            async with served.ask("tools/call", {"name": "echo", "arguments": {"text": "hi"}}) as response:
                result = (await answer(response, MODERN, "tools/call"))["result"]
                assert result["content"] == [{"type": "text", "text": "hi"}]

    asyncio.run(play())


@pytest.mark.parametrize(
    ("message", "status", "code"),
    [
        (modern("tools/call", {"name": "no_such_tool"}), 200, -32602),
        (modern("resources/read", {"uri": "test://nothing"}), 200, -32602),
        (modern("no/such/method"), 404, -32601),
        (modern("ping"), 404, -32601),
        (modern("initialize"), 404, -32601),
        (modern("resources/subscribe", {"uri": "test://watched-resource"}), 404, -32601),
        (request("tools/list", {"_meta": {PREFIX + "protocolVersion": MODERN}}), 400, -32602),
        (request("tools/list"), 400, -32602),
        (request("tools/list", {"_meta": {**meta(), PREFIX + "protocolVersion": "2025-11-25"}}), 400, -32020),
        (modern("tools/call", {"name": "test_sampling", "arguments": {"prompt": "x"}}, capabilities={}), 400, -32021),
        (modern("tasks/get", {"taskId": "x"}, capabilities={}), 400, -32021),
        ({**modern("tools/list"), "jsonrpc": "1.0"}, 400, -32600),
        ({**modern("tools/list"), "id": 1.5}, 400, -32600),
    ],
)
def test_each_error_has_its_status(message: dict[str, Any], status: int, code: int) -> None:
    async def play() -> None:
        async with serving() as served, served.post(message, standard(message)) as response:
            error = await answer(response, MODERN)
            assert (response.status, error["error"]["code"]) == (status, code)
            assert error.get("id") == (message["id"] if isinstance(message["id"], int) else None)

    asyncio.run(play())


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{nonsense", 400, -32700),
        (b"\xff\xfe", 400, -32700),
        (b"", 400, -32700),
        (b"[" * 60_000, 400, -32700),
        (b"[]", 400, -32600),
        (json.dumps([modern("tools/list")]).encode(), 400, -32600),
        (json.dumps({"jsonrpc": "2.0", "id": 1, "result": {}}).encode(), 400, -32600),
        (b'"' + b"x" * 70_000 + b'"', 413, -32600),
    ],
)
def test_what_is_no_request_is_refused(body: bytes, status: int, code: int) -> None:
    async def play() -> None:
        headers = {"MCP-Protocol-Version": MODERN, "Accept": BOTH}
        async with serving(max_bytes=2**16) as served:
            async with served.post(body, headers) as response:
                assert (response.status, (await answer(response, MODERN))["error"]["code"]) == (status, code)
            async with served.ask("tools/list") as response:
                assert response.status == 200

    asyncio.run(play())


def test_a_notification_is_accepted_and_not_answered() -> None:
    async def play() -> None:
        message = {"jsonrpc": "2.0", "method": "notifications/whatever", "params": {"_meta": meta()}}
        headers = {"MCP-Protocol-Version": MODERN, "Accept": BOTH}
        async with serving() as served, served.post(message, headers) as response:
            assert (response.status, await response.read()) == (202, b"")

    asyncio.run(play())


def test_other_types_of_content_are_refused() -> None:
    async def play() -> None:
        message = modern("tools/list")
        headers = {**standard(message), "Content-Type": "text/plain"}
        async with serving() as served, served.post(message, headers) as response:
            assert response.status == 415

    asyncio.run(play())


# --- questions -----------------------------------------------------------------------------------


def test_a_question_ends_the_request_and_its_answer_comes_with_the_next() -> None:
    async def play() -> None:
        async with serving() as served:
            call = {"name": "test_input_required_result_multi_round"}
            given = [{}, {"step1": {"name": "Ada"}}, {"step2": {"color": "teal"}}]
            result: dict[str, Any] = {}
            for number, answers in enumerate(given):
                inputs = {key: {"action": "accept", "content": content} for key, content in answers.items()}
                retry = {"inputResponses": inputs, "requestState": result["requestState"]} if number else {}
                async with served.ask("tools/call", {**call, **retry}, request_id=number) as response:
                    result = (await answer(response, MODERN, "tools/call"))["result"]
            assert result["content"][0]["text"] == "Ada likes teal."

    asyncio.run(play())
