"""A server on a free port in this process, and clients of both eras that see exactly what goes over the wire.

What they read is held against the schema of its revision.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from mcp_agent import Config, Host
from mcp_agent.config import HttpSettings, LimitSettings, PolicySettings, Rule
from mcp_agent.transports import http
from tests.plugins.patient import gate
from tests.support.schema import schema

MODERN = "2026-07-28"
PREFIX = "io.modelcontextprotocol/"
BOTH = "application/json, text/event-stream"
PATIENCE = 20.0
"""Seconds after which silence fails a test. Nothing waits this long unless something is broken."""
EVERYTHING: dict[str, Any] = {"elicitation": {}, "sampling": {}, "roots": {}, "extensions": {PREFIX + "tasks": {}}}
_NAMES = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}

Headers = Mapping[str, str]
Message = dict[str, Any]


def meta(capabilities: Message | None = None, **more: Any) -> Message:
    """What a modern request says of itself."""
    return {
        PREFIX + "protocolVersion": MODERN,
        PREFIX + "clientInfo": {"name": "tester", "version": "1"},
        PREFIX + "clientCapabilities": EVERYTHING if capabilities is None else capabilities,
        **more,
    }


def request(method: str, params: Message | None = None, request_id: int = 1) -> Message:
    return {"jsonrpc": "2.0", "id": request_id, "method": method, "params": params or {}}


def modern(method: str, params: Message | None = None, request_id: int = 1, **more: Any) -> Message:
    """A whole modern request."""
    return request(method, {"_meta": meta(**more), **(params or {})}, request_id)


def standard(message: Message) -> dict[str, str]:
    """The headers that belong to a modern request."""
    method = message["method"]
    headers = {"MCP-Protocol-Version": MODERN, "Mcp-Method": method, "Accept": BOTH}
    if method in _NAMES and _NAMES[method] in message["params"]:
        headers["Mcp-Name"] = message["params"][_NAMES[method]]
    return headers


async def events(response: aiohttp.ClientResponse, revision: str, method: str | None = None) -> AsyncIterator[Message]:
    """The messages of a stream, as they come."""
    assert response.content_type == "text/event-stream"
    async for line in response.content:
        if line.startswith(b"data: "):
            message: Message = json.loads(line.removeprefix(b"data: "))
            schema(revision).check(message, method if "id" in message and "method" not in message else None)
            yield message


async def answer(response: aiohttp.ClientResponse, revision: str, method: str | None = None) -> Message:
    """The one message of a plain answer."""
    assert response.content_type == "application/json"
    message: Message = await response.json()
    schema(revision).check(message, method)
    return message


class Served:
    """A server that runs, and raw access to it."""

    def __init__(self, host: Host, url: str, session: aiohttp.ClientSession, stop: asyncio.Event) -> None:
        self.host = host
        self.url = url
        self.session = session
        self.stop = stop

    def post(self, body: Any, headers: Headers | None = None) -> Any:
        """Use as an async context manager. Bytes go out as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **(headers or {})}
        return self.session.post(self.url, data=data, headers=headers)

    def ask(self, method: str, params: Message | None = None, **more: Any) -> Any:
        """Post a modern request with all that belongs to it."""
        message = modern(method, params, **more)
        return self.post(message, standard(message))

    async def open_session(self, revision: str = "2025-11-25", capabilities: Message | None = None) -> Session:
        """What a client of an older revision begins with."""
        capabilities = {"elicitation": {}} if capabilities is None else capabilities
        if revision < "2025-06-18":
            capabilities = {}
        params = {
            "protocolVersion": revision,
            "capabilities": capabilities,
            "clientInfo": {"name": "t", "version": "1"},
        }
        async with self.post(request("initialize", params), {"Accept": BOTH}) as response:
            assert response.status == 200
            message = await answer(response, revision, "initialize")
            assert message["result"]["protocolVersion"] == revision
            return Session(self, revision, response.headers["Mcp-Session-Id"])


class Session:
    """A client of an older revision, after ``initialize``."""

    def __init__(self, served: Served, revision: str, session_id: str) -> None:
        self.served = served
        self.revision = revision
        self.id = session_id

    @property
    def headers(self) -> dict[str, str]:
        return {"Mcp-Session-Id": self.id, "MCP-Protocol-Version": self.revision, "Accept": BOTH}

    def post(self, body: Any) -> Any:
        return self.served.post(body, self.headers)

    def ask(self, method: str, params: Message | None = None, request_id: int = 7) -> Any:
        return self.post(request(method, params, request_id))

    def listen(self) -> Any:
        """Open the stream for what was not asked for."""
        return self.served.session.get(self.served.url, headers={**self.headers, "Accept": "text/event-stream"})

    def delete(self) -> Any:
        return self.served.session.delete(self.served.url, headers=self.headers)


@asynccontextmanager
async def serving(
    *,
    token: str | None = None,
    settings: HttpSettings | None = None,
    max_bytes: int = 2**20,
    **limits: Any,
) -> AsyncIterator[Served]:
    """``limits`` are those of the configuration."""
    gate.fresh()
    stop = asyncio.Event()
    url: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    config = Config(limits=LimitSettings(**limits), policy=PolicySettings(rules=(Rule(decide="allow"),)))
    modules = ["tests.plugins.everything", "tests.plugins.patient"]
    async with Host(config, on_disk=False, installed=False, modules=modules) as host, asyncio.timeout(PATIENCE):
        serve = http.serve(
            host.server, "127.0.0.1", 0, token=token, settings=settings or HttpSettings(), max_bytes=max_bytes,
            started=url.set_result, stop=stop,
        )  # fmt: skip
        running = asyncio.create_task(serve)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            yield Served(host, await url, session, stop)
        stop.set()
        await running
