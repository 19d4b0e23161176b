"""Standard headers of MCP 2026-07-28 must say what the body says."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest
from multidict import CIMultiDict

from tests.transports.http_client import BOTH, MODERN, PREFIX, answer, meta, request, serving

MISMATCH = -32020
LIST = request("tools/list", {"_meta": meta()})
ECHO = request("tools/call", {"_meta": meta(), "name": "echo", "arguments": {"text": "hi"}})
GET = request("tasks/get", {"_meta": meta(), "taskId": "t1"})
VERSION = {"MCP-Protocol-Version": MODERN}


def encoded(text: str) -> str:
    return f"=?base64?{base64.b64encode(text.encode()).decode()}?="


def mirrored(**arguments: Any) -> dict[str, Any]:
    return request("tools/call", {"_meta": meta(), "name": "test_x_mcp_header", "arguments": arguments})


async def post(message: dict[str, Any], headers: CIMultiDict[str] | dict[str, str]) -> tuple[int, int | None]:
    """The status, and the code of the error if there is one."""
    async with serving() as served:
        sent = CIMultiDict({"Accept": BOTH})
        sent.extend(headers)
        async with served.session.post(served.url, json=message, headers=sent) as response:
            body = await answer(response, MODERN, message["method"])
            assert body["id"] == message["id"]
            return response.status, body.get("error", {}).get("code")


@pytest.mark.parametrize(
    ("message", "headers", "expected"),
    [
        (LIST, {**VERSION, "Mcp-Method": "tools/list"}, (200, None)),
        (LIST, {"mcp-protocol-version": MODERN, "MCP-METHOD": "tools/list"}, (200, None)),
        (LIST, {**VERSION, "Mcp-Method": "  tools/list\t"}, (200, None)),
        (LIST, {**VERSION}, (400, MISMATCH)),
        (LIST, {**VERSION, "Mcp-Method": "Tools/List"}, (400, MISMATCH)),
        (LIST, {**VERSION, "Mcp-Method": "tools/call"}, (400, MISMATCH)),
        (LIST, {"Mcp-Method": "tools/list"}, (400, MISMATCH)),
        (LIST, {"MCP-Protocol-Version": "2025-11-25", "Mcp-Method": "tools/list"}, (400, MISMATCH)),
        (LIST, {"MCP-Protocol-Version": "2099-01-01", "Mcp-Method": "tools/list"}, (400, MISMATCH)),
        (ECHO, {**VERSION, "Mcp-Method": "tools/call", "Mcp-Name": "echo"}, (200, None)),
        (ECHO, {**VERSION, "Mcp-Method": "tools/call", "Mcp-Name": encoded("echo")}, (200, None)),
        (ECHO, {**VERSION, "Mcp-Method": "tools/call", "Mcp-Name": "=?base64?ZWNob?="}, (400, MISMATCH)),
        (ECHO, {**VERSION, "Mcp-Method": "tools/call", "Mcp-Name": "=?base64?ZW!!No?="}, (400, MISMATCH)),
        (ECHO, {**VERSION, "Mcp-Method": "tools/call", "Mcp-Name": "ZWNobw=="}, (400, MISMATCH)),
        (ECHO, {**VERSION, "Mcp-Method": "tools/call", "Mcp-Name": "Echo"}, (400, MISMATCH)),
        (ECHO, {**VERSION, "Mcp-Method": "tools/call", "Mcp-Name": "echo\u00e9"}, (400, MISMATCH)),
        (ECHO, {**VERSION, "Mcp-Method": "tools/call"}, (400, MISMATCH)),
        (GET, {**VERSION, "Mcp-Method": "tasks/get"}, (200, -32602)),
        (GET, {**VERSION, "Mcp-Method": "tasks/get", "Mcp-Name": "t1"}, (200, -32602)),
        (GET, {**VERSION, "Mcp-Method": "tasks/get", "Mcp-Name": "t2"}, (400, MISMATCH)),
    ],
)
def test_version_method_and_name(
    message: dict[str, Any], headers: dict[str, str], expected: tuple[int, int | None]
) -> None:
    assert asyncio.run(post(message, headers)) == expected


def test_a_header_that_is_there_twice_says_nothing() -> None:
    headers = CIMultiDict([*VERSION.items(), ("Mcp-Method", "tools/list"), ("Mcp-Method", "tools/list")])
    assert asyncio.run(post(LIST, headers)) == (400, MISMATCH)


def test_a_version_that_nobody_knows_is_told_so() -> None:
    message = request("tools/list", {"_meta": {**meta(), PREFIX + "protocolVersion": "2099-01-01"}})
    headers = {"MCP-Protocol-Version": "2099-01-01", "Mcp-Method": "tools/list"}
    assert asyncio.run(post(message, headers)) == (400, -32022)


@pytest.mark.parametrize(
    ("arguments", "headers", "status"),
    [
        ({"region": "eu"}, {"Mcp-Param-Region": "eu"}, 200),
        ({"region": "eu"}, {"mcp-param-region": "eu"}, 200),
        ({"region": "eu"}, {}, 400),
        ({"region": "eu"}, {"Mcp-Param-Region": "us"}, 400),
        ({"region": "eu"}, {"Mcp-Param-Region": "EU"}, 400),
        ({"region": "Zürich"}, {"Mcp-Param-Region": encoded("Zürich")}, 200),
        ({"region": " padded "}, {"Mcp-Param-Region": encoded(" padded ")}, 200),
        ({"region": encoded("literal")}, {"Mcp-Param-Region": encoded(encoded("literal"))}, 200),
        ({"region": "literal"}, {"Mcp-Param-Region": "=?base64?bGl0ZXJhbA"}, 400),
        ({"region": "=?base64?="}, {"Mcp-Param-Region": "=?base64?="}, 200),
        ({"region": "a", "count": 42}, {"Mcp-Param-Region": "a", "Mcp-Param-Count": "42"}, 200),
        ({"region": "a", "count": 42}, {"Mcp-Param-Region": "a", "Mcp-Param-Count": "42.0"}, 200),
        ({"region": "a", "count": 42}, {"Mcp-Param-Region": "a", "Mcp-Param-Count": "43"}, 400),
        ({"region": "a", "count": 42}, {"Mcp-Param-Region": "a", "Mcp-Param-Count": "many"}, 400),
        ({"region": "a", "count": 42}, {"Mcp-Param-Region": "a"}, 400),
        ({"region": "a"}, {"Mcp-Param-Region": "a", "Mcp-Param-Count": "0"}, 400),
        ({"region": "a", "dry_run": True}, {"Mcp-Param-Region": "a", "Mcp-Param-Dry-Run": "true"}, 200),
        ({"region": "a", "dry_run": True}, {"Mcp-Param-Region": "a", "Mcp-Param-Dry-Run": "1"}, 400),
        ({"region": "a"}, {"Mcp-Param-Region": "a", "Mcp-Param-Unknown": "x"}, 200),
        ({"region": ["no", "text"]}, {"Mcp-Param-Region": "x"}, 200),
    ],
)
def test_arguments_that_headers_repeat(arguments: dict[str, Any], headers: dict[str, str], status: int) -> None:
    sent = {**VERSION, "Mcp-Method": "tools/call", "Mcp-Name": "test_x_mcp_header", **headers}
    assert asyncio.run(post(mirrored(**arguments), sent)) == (status, MISMATCH if status == 400 else None)
