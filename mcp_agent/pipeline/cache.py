"""The same answer again, while it is good; and one execution for all who ask the same at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from mcp_agent.errors import CannotAsk, ToolError
from mcp_agent.model import Tool, ToolResult
from mcp_agent.pipeline import Handler
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.identity import Identity
from mcp_agent.store.cache import Answers
from mcp_agent.store.epochs import Epochs
from mcp_agent.store.packing import pack, unpack

Outcome = bytes | ToolError | None
"""A packed result; what went wrong; or None, where whoever waited must see for themselves."""


def cached_or_changing(tool: Tool) -> bool:
    """Tools whose answers are kept, and those that end what was kept."""
    return tool.cache is not None or tool.effect != "read"


class Cache:
    """A stage. Only tools with ``cache`` set, which read, are answered from it; errors and degraded answers never.

    Keys hold the epoch in which the call began, and each change through a plugin begins a new one: once before, for it
    may be made though this process dies, and once after, so that what was read meanwhile belongs to the past as well.
    Nothing needs to be found and deleted for that.
    """

    def __init__(self, answers: Answers, epochs: Epochs, identity: Identity) -> None:
        self._answers = answers
        self._epochs = epochs
        self._identity = identity
        self._flights: dict[bytes, asyncio.Future[Outcome]] = {}

    def __call__(self, call: Call, inner: Handler) -> Awaitable[ToolResult]:
        tool = call.tool
        if tool.effect != "read":
            return self._change(call, inner)
        return inner(call) if tool.cache is None else self._answer(call, inner, tool.cache)

    async def _change(self, call: Call, inner: Handler) -> ToolResult:
        self._epochs.changed(call.tool.plugin)
        try:
            return await inner(call)
        finally:
            self._epochs.changed(call.tool.plugin)

    async def _answer(self, call: Call, inner: Handler, good_for: float) -> ToolResult:
        same = self._identity(call)
        if same is None:
            return await inner(call)
        while True:
            key = same + self._epochs.of(call.tool.plugin)
            known = self._answers.get(key, good_for)
            if known is not None:
                return unpack(known)
            flight = self._flights.get(key)
            if flight is None:
                return await self._lead(call, inner, key, good_for)
            outcome = await asyncio.shield(flight)
            if isinstance(outcome, bytes):
                return unpack(outcome)
            if outcome is not None:
                raise outcome

    async def _lead(self, call: Call, inner: Handler, key: bytes, good_for: float) -> ToolResult:
        """Go ahead for all who ask the same meanwhile. What befalls only this caller, such as being cancelled, is not
        their outcome: the next of them goes ahead."""
        flight: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._flights[key] = flight
        outcome: Outcome = None
        try:
            kept = await self._answers.find(key, good_for)
            if kept is not None:
                outcome = kept.answer
                return unpack(kept.answer)
            result = await inner(call)
            outcome = pack(result)
            if outcome is not None and not result.is_error and not result.degraded:
                self._answers.put(key, outcome, good_for)
            return result
        except CannotAsk:
            raise
        except ToolError as error:
            outcome = error
            raise
        finally:
            del self._flights[key]
            flight.set_result(outcome)
