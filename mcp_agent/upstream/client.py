"""A client for any MCP server: tries the stateless era first and falls back to the handshake of the older one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeVar

import msgspec

from mcp_agent.errors import ProtocolError, ToolError
from mcp_agent.model import Content, Json, PromptResult, ResourceContents, ToolResult
from mcp_agent.protocol import jsonrpc
from mcp_agent.protocol.params import PREFIX, SERVER_INFO, TASKS
from mcp_agent.protocol.revisions import LATEST_LEGACY, MODERN, REVISIONS, Revision
from mcp_agent.upstream.process import ServerGone

T = TypeVar("T")

Answerer = Callable[[str, Json], Awaitable[Json]]
"""Answers what a server asks: (method, params) to the result. It speaks for the person and the model."""

_ROUNDS = 20
"""A server that keeps asking for input is cut off here."""


class Link(Protocol):
    """A connection to a server."""

    async def send(self, frame: bytes) -> None: ...
    async def receive(self) -> bytes | None: ...


class Client:
    """Use as an async context manager around an open link. ``answer`` makes the client one that can be asked.

    ``notified`` is called with each notification (method, params).
    """

    revision: Revision

    def __init__(
        self,
        link: Link,
        *,
        name: str,
        version: str,
        answer: Answerer | None = None,
        notified: Callable[[str, Json], None] = lambda method, params: None,
        revision: str | None = None,
    ) -> None:
        self._link = link
        self._info = {"name": name, "version": version}
        self._answer = answer
        self._notified = notified
        self._wanted = revision
        self._waiting: dict[jsonrpc.Id, asyncio.Future[Json]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._next_id = 0
        self.server: dict[str, Any] = {}
        """Name and version of the server, as it says itself."""
        self.capabilities: dict[str, Any] = {}

    async def __aenter__(self) -> Client:
        self._spawn(self._read())
        wanted = REVISIONS.get(self._wanted or MODERN.name, MODERN)
        if wanted.modern:
            try:
                return await self._discover()
            except ProtocolError:
                wanted = LATEST_LEGACY
        return await self._initialize(wanted)

    async def __aexit__(self, *exception: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # --- what a server offers --------------------------------------------------------------------

    async def list_all(self, listing: str) -> list[dict[str, Any]]:
        """All items of ``tools``, ``resources``, ``resources/templates`` or ``prompts``, over all pages."""
        key = "resourceTemplates" if listing == "resources/templates" else listing
        items: list[dict[str, Any]] = []
        params: dict[str, Any] = {}
        while True:
            page = await self.request(f"{listing}/list", params)
            items.extend(page[key])
            if page.get("nextCursor") is None:
                return items
            params = {"cursor": page["nextCursor"]}

    async def call(self, tool: str, arguments: Mapping[str, Json]) -> ToolResult:
        """Raises ProtocolError when the server refuses; a tool that fails comes back with ``is_error``."""
        raw = await self.request("tools/call", {"name": tool, "arguments": dict(arguments)})
        if raw.get("resultType") == "task":
            raw = await self._task_result(raw)
        return ToolResult(
            content=tuple(msgspec.convert(raw["content"], list[Content])),
            structured=raw.get("structuredContent", msgspec.UNSET),
            is_error=raw.get("isError", False),
            meta=raw.get("_meta"),
        )

    async def read(self, uri: str) -> list[ResourceContents]:
        return msgspec.convert((await self.request("resources/read", {"uri": uri}))["contents"], list[ResourceContents])

    async def prompt(self, name: str, arguments: Mapping[str, str]) -> PromptResult:
        return msgspec.convert(
            await self.request("prompts/get", {"name": name, "arguments": dict(arguments)}), PromptResult
        )

    async def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Any request; questions that the server has in between are answered. Raises ProtocolError, ServerGone."""
        extra: dict[str, Json] = {}
        for _ in range(_ROUNDS):
            result = await self._exchange(method, {**params, **extra})
            if result.get("resultType") != "input_required":
                return result
            extra = {"inputResponses": await self._answers(result.get("inputRequests", {}))}
            if "requestState" in result:
                extra["requestState"] = result["requestState"]
        raise ToolError(f"The server asked for input {_ROUNDS} times in one request and was cut off.")

    # --- inside ----------------------------------------------------------------------------------

    async def _discover(self) -> Client:
        self.revision = MODERN
        found = await self._exchange("server/discover", {})
        self.server = found.get("_meta", {}).get(SERVER_INFO, {})
        self.capabilities = found["capabilities"]
        return self

    async def _initialize(self, wanted: Revision) -> Client:
        self.revision = wanted
        params = {
            "protocolVersion": wanted.name,
            "capabilities": self._own_capabilities(),
            "clientInfo": self._info,
        }
        opened = await self._exchange("initialize", params)
        self.revision = REVISIONS[opened["protocolVersion"]]
        self.server, self.capabilities = opened["serverInfo"], opened["capabilities"]
        await self._link.send(jsonrpc.notification("notifications/initialized"))
        return self

    def _own_capabilities(self) -> dict[str, Any]:
        able = ("elicitation", "sampling", "roots") if self._answer is not None else ()
        asked: dict[str, Any] = {name: {} for name in able}
        return {**asked, "extensions": {TASKS: {}}} if self.revision.modern else asked

    async def _exchange(self, method: str, params: dict[str, Json]) -> Any:
        if self.revision.modern:
            params["_meta"] = {
                PREFIX + "protocolVersion": self.revision.name,
                PREFIX + "clientInfo": self._info,
                PREFIX + "clientCapabilities": self._own_capabilities(),
            }
        self._next_id += 1
        request_id = self._next_id
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[request_id] = answer
        try:
            await self._link.send(jsonrpc.request(request_id, method, params))
            return await answer
        except asyncio.CancelledError:
            with contextlib.suppress(ServerGone):
                await self._link.send(jsonrpc.notification("notifications/cancelled", {"requestId": request_id}))
            raise
        finally:
            del self._waiting[request_id]

    async def _task_result(self, task: dict[str, Any]) -> dict[str, Any]:
        while task["status"] in ("working", "input_required"):
            if task.get("inputRequests"):
                answers = await self._answers(task["inputRequests"])
                await self._exchange("tasks/update", {"taskId": task["taskId"], "inputResponses": answers})
            await asyncio.sleep(task.get("pollIntervalMs", 1000) / 1000)
            task = await self._exchange("tasks/get", {"taskId": task["taskId"]})
        if task["status"] == "completed":
            result: dict[str, Any] = task["result"]
            return result
        raise ToolError(task.get("statusMessage") or f"The call ended as {task['status']}.")

    async def _answers(self, requests: Mapping[str, Any]) -> dict[str, Json]:
        return {
            key: await self._answer_one(request["method"], request.get("params", {}))
            for key, request in requests.items()
        }

    async def _answer_one(self, method: str, params: Json) -> Json:
        if self._answer is None:
            raise ToolError(f"The server asks for {method}, which this client cannot answer.")
        return await self._answer(method, params)

    async def _read(self) -> None:
        while (data := await self._link.receive()) is not None:
            frame = jsonrpc.parse(data)
            params = msgspec.json.decode(frame.params) if isinstance(frame.params, msgspec.Raw) else {}
            if isinstance(frame.method, msgspec.UnsetType):
                self._settle(frame)
            elif isinstance(frame.id, msgspec.UnsetType):
                self._notified(frame.method, params)
            else:
                self._spawn(self._serve(frame.id, frame.method, params))
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(ServerGone("The server ended before it answered."))

    def _settle(self, frame: jsonrpc.Frame) -> None:
        answer = self._waiting.get(frame.id)  # type: ignore[arg-type]
        if answer is None or answer.done():
            return
        if isinstance(frame.error, msgspec.Raw):
            told = msgspec.json.decode(frame.error)
            error = ProtocolError(told["message"], told.get("data"))
            error.code = told["code"]
            answer.set_exception(error)
        elif isinstance(frame.result, msgspec.Raw):
            answer.set_result(msgspec.json.decode(frame.result))

    async def _serve(self, request_id: Any, method: str, params: Json) -> None:
        """Answer a request of a server of the older era."""
        try:
            result = {} if method == "ping" else await self._answer_one(method, params)
        except ToolError as error:
            await self._link.send(jsonrpc.error_response(request_id, {"code": -32601, "message": str(error)}))
        else:
            await self._link.send(jsonrpc.response(request_id, result))

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
