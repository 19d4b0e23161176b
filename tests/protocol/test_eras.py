"""How a client opens, and which method exists for whom."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_agent.protocol.methods import METHODS
from mcp_agent.protocol.revisions import SUPPORTED
from mcp_agent.transports.memory import MemoryConnection
from tests.support.schema import LEGACY, MODERN, REVISIONS
from tests.support.served import Served, in_loop, serving
from tests.support.wire import PREFIX, TASKS, Client, WireError, failing

every_revision = pytest.mark.parametrize("revision", REVISIONS)
every_legacy = pytest.mark.parametrize("revision", LEGACY)

PARAMS: dict[str, dict[str, Any]] = {
    "initialize": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}},
    "logging/setLevel": {"level": "info"},
    "tools/call": {"name": "echo", "arguments": {"text": "x"}},
    "resources/read": {"uri": "kinds://note"},
    "resources/subscribe": {"uri": "kinds://note"},
    "resources/unsubscribe": {"uri": "kinds://note"},
    "prompts/get": {"name": "plain"},
    "completion/complete": {"ref": {"type": "ref/prompt", "name": "paint"}, "argument": {"name": "mood", "value": ""}},
    "subscriptions/listen": {"notifications": {}},
    "tasks/get": {"taskId": "x"},
    "tasks/update": {"taskId": "x", "inputResponses": {}},
    "tasks/cancel": {"taskId": "x"},
}
ONLY_LEGACY = {"initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"}
ONLY_MODERN = {"server/discover", "subscriptions/listen", "tasks/get", "tasks/update", "tasks/cancel"}


def unopened(served: Served, revision: str = "2025-11-25") -> Client:
    return Client(MemoryConnection(served.server), revision)


def opening(version: str) -> dict[str, Any]:
    return {**PARAMS["initialize"], "protocolVersion": version}


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        *((revision, revision) for revision in LEGACY),
        ("2026-07-28", "2025-11-25"),  # the modern era has no handshake: the newest that has one
        ("2023-01-01", "2025-11-25"),
        ("2099-01-01", "2025-11-25"),
        ("", "2025-11-25"),
        ("nonsense", "2025-11-25"),
    ],
)
def test_negotiation(asked: str, given: str) -> None:
    async def work() -> None:
        async with serving() as served:
            result = await unopened(served).call("initialize", opening(asked))
            assert result["protocolVersion"] == given
            assert result["serverInfo"]["name"] == "mcp-agent"
            assert ("title" in result["serverInfo"]) == (given >= "2025-06-18")
            capabilities = result["capabilities"]
            assert capabilities["resources"] == {"listChanged": True, "subscribe": True}
            assert ("completions" in capabilities) == (given >= "2025-03-26")
            assert "extensions" not in capabilities
            assert result["instructions"]

    in_loop(work)


@every_legacy
def test_initialize_twice(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            error = await failing(client.call("initialize", opening("2024-11-05")))
            assert error.code == -32602
            assert "Already initialized" in error.message
            await client.call("ping")  # and all is as it was: the next answers are checked as of the first revision
            await client.call("tools/list")

    in_loop(work)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"capabilities": {}, "clientInfo": {"name": "x", "version": "1"}},
        {"protocolVersion": 20250618, "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}},
        {"protocolVersion": "2025-06-18", "capabilities": [], "clientInfo": {"name": "x", "version": "1"}},
        {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": "x"},
        {"protocolVersion": "2025-06-18", "capabilities": {}},
    ],
)
def test_initialize_with_wrong_params_can_be_tried_again(params: dict[str, Any]) -> None:
    async def work() -> None:
        async with serving() as served:
            client = unopened(served)
            assert (await failing(client.call("initialize", params))).code == -32602
            assert (await client.call("initialize", opening("2025-06-18")))["protocolVersion"] == "2025-06-18"

    in_loop(work)


def test_before_initialize_only_a_ping_is_answered() -> None:
    async def work() -> None:
        async with serving() as served:
            client = unopened(served)
            assert await client.call("ping") == {}
            for method in sorted(set(METHODS) - {"initialize", "ping"}):
                client.expect("early", method, MODERN)
                client.send({"jsonrpc": "2.0", "id": "early", "method": method, "params": PARAMS.get(method, {})})
                error = await failing(client.result("early"))
                assert error.code == -32602, method
                assert "initialize" in error.message
                assert PREFIX + "protocolVersion" in error.message

    in_loop(work)


@every_revision
def test_every_method_of_an_era_and_none_of_the_other(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision, capabilities={"extensions": {TASKS: {}}})
            absent = ONLY_LEGACY if revision == MODERN else ONLY_MODERN
            for method in METHODS:
                if method == "subscriptions/listen" and revision == MODERN:
                    continue  # answers when it ends: see test_subscriptions.py
                code = None
                try:
                    await client.call(method, PARAMS.get(method))
                except WireError as error:
                    code = error.code
                assert (code == -32601) == (method in absent), method

    in_loop(work)


@every_revision
@pytest.mark.parametrize("method", ["tools/lisst", "", "rpc.discover", "tools/call ", "sampling/createMessage", "\x00"])
def test_a_method_that_does_not_exist(revision: str, method: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            error = await failing(client.call(method))
            assert error.code == -32601
            assert method in error.message

    in_loop(work)


def test_discover() -> None:
    async def work() -> None:
        async with serving() as served:
            result = await (await served.client(MODERN)).call("server/discover")
            assert result["supportedVersions"] == list(SUPPORTED) == sorted(REVISIONS, reverse=True)
            assert result["capabilities"]["extensions"] == {TASKS: {}}
            assert result["_meta"][PREFIX + "serverInfo"]["name"] == "mcp-agent"
            assert result["ttlMs"] > 0
            assert result["instructions"]

    in_loop(work)


@pytest.mark.parametrize("version", ["1900-01-01", "2025-11-25", "2027-01-01", ""])
@pytest.mark.parametrize("method", ["server/discover", "tools/list", "tools/call"])
def test_a_version_that_is_not_spoken(version: str, method: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(MODERN)
            error = await failing(client.call(method, PARAMS.get(method), meta={PREFIX + "protocolVersion": version}))
            assert error.code == -32022
            assert error.data == {"supported": list(SUPPORTED), "requested": version}

    in_loop(work)


@pytest.mark.parametrize(
    "meta",
    [
        {PREFIX + "protocolVersion": MODERN},
        {PREFIX + "clientCapabilities": {}},
        {PREFIX + "protocolVersion": 7, PREFIX + "clientCapabilities": {}},
        {PREFIX + "protocolVersion": None, PREFIX + "clientCapabilities": {}},
        {PREFIX + "protocolVersion": MODERN, PREFIX + "clientCapabilities": []},
        {PREFIX + "protocolVersion": MODERN, PREFIX + "clientCapabilities": None},
        {PREFIX + "protocolVersion": MODERN, PREFIX + "clientCapabilities": {}, PREFIX + "clientInfo": "me"},
        {PREFIX + "protocolVersion": MODERN, PREFIX + "clientCapabilities": {}, PREFIX + "logLevel": "loud"},
        {PREFIX + "protocolVersion": MODERN, PREFIX + "clientCapabilities": {}, "progressToken": 1.5},
        [],
        None,
    ],
)
def test_meta_that_says_too_little(meta: Any) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(MODERN)
            client.expect(1, "tools/list")
            client.send({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": meta}})
            assert (await failing(client.result(1))).code == -32602

    in_loop(work)


@every_revision
def test_what_is_unknown_in_meta_and_params_is_ignored(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(revision)
            meta = {
                "traceparent": "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01",
                "tracestate": "vendor=1",
                "baggage": "userId=alice",
                "example.com/else": {"deep": [1, 2, {"x": None}]},
                PREFIX + "unheardOf": 7,
            }
            result = await client.call(
                "tools/call", {"name": "echo", "arguments": {"text": "x"}, "_meta": client.meta(**meta), "more": [1]}
            )
            assert result["content"][0]["text"] == "x"

    in_loop(work)


@every_legacy
def test_both_eras_on_one_connection(revision: str) -> None:
    async def work() -> None:
        async with serving() as served:
            old = await served.client(revision)
            modern = Client(old.line, MODERN)
            modern._next = 1000
            old_tools, new_tools = old.request("tools/list"), modern.request("tools/list")
            old.expect(new_tools, "tools/list", MODERN)
            result = await old.result(new_tools)
            assert result["resultType"] == "complete"
            assert "resultType" not in await old.result(old_tools)

    in_loop(work)


def test_a_modern_client_is_not_taken_for_one_that_initialized() -> None:
    async def work() -> None:
        async with serving() as served:
            client = await served.client(MODERN)
            await client.call("tools/list")
            client.send({"jsonrpc": "2.0", "id": "bare", "method": "tools/list"})
            client.expect("bare", "tools/list")
            assert (await failing(client.result("bare"))).code == -32602

    in_loop(work)
