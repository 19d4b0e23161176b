"""Everything is written down: every call and every refusal, and what changes something before it runs."""

from __future__ import annotations

import asyncio
from typing import Protocol

import msgspec

from mcp_agent.errors import InvalidArguments, ToolError
from mcp_agent.jsonio import encode
from mcp_agent.model import Clock, Tool, ToolResult
from mcp_agent.pipeline import Handler
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.metrics import Metrics
from mcp_agent.pipeline.outcome import Outcome, outcome_of
from mcp_agent.store.chain import Entry

_LAST_CALLS = 2.0
"""Seconds that ``close`` waits for calls which were told to stop."""


class Log(Protocol):
    """Where entries go: AuditLog on disk, MemoryLog for hosts that keep nothing."""

    @property
    def full(self) -> bool:
        """Whether a call should wait for ``room`` before it begins."""

    async def room(self) -> None:
        """Wait until another entry fits. Raises ToolError when none will."""

    def add(self, entry: Entry) -> None:
        """Take an entry, to be written soon."""

    async def intent(self, entry: Entry) -> None:
        """Write an entry; when this returns it is safe. Raises ToolError."""

    async def close(self) -> None:
        """Write what was added."""


class Audit:
    """The outermost stage: every call is written down, and counted. A read is one row, written when it has ended; a
    write or destructive call is an intent, on disk before anything happens, and an outcome that refers to it."""

    def __init__(self, log: Log, metrics: Metrics, clock: Clock) -> None:
        self._log = log
        self._metrics = metrics
        self._clock = clock
        self._idle = asyncio.Event()
        self._idle.set()

    async def __call__(self, call: Call, inner: Handler) -> ToolResult:
        log, metrics, clock, tool, caller = self._log, self._metrics, self._clock, call.tool, call.caller
        given = without(call.raw, tool.private) if tool.private else call.raw
        entry = Entry(
            "call", clock.time(), caller.principal, tool.plugin, tool.name, tool.effect, given, caller.trace_id
        )
        raised: BaseException | None = None
        outcome: Outcome = "ok"
        began = clock.monotonic()
        metrics.begun()
        self._idle.clear()
        try:
            if log.full:
                await log.room()
            if tool.effect != "read":
                await self._announce(entry)
            result = await inner(call)
            if result.is_error:
                outcome = "error"
            return result
        except BaseException as error:
            raised = error
            outcome, entry.detail = outcome_of(error)
            if outcome == "error" and isinstance(error, ToolError) and not _quotes(error, tool):
                entry.detail = f"{entry.detail}: {error}"
            raise
        finally:
            seconds = clock.monotonic() - began
            entry.outcome, entry.decision, entry.degraded = outcome, call.decision, call.degraded
            entry.ms = seconds * 1000
            log.add(entry)
            metrics.ended(tool, outcome, seconds, raised)
            raised = None  # it holds this frame, which would hold it
            if not metrics.in_flight:
                self._idle.set()

    async def close(self) -> None:
        """Let calls that are being stopped leave their last word, then write everything."""
        try:
            async with asyncio.timeout(_LAST_CALLS):
                await self._idle.wait()
        except TimeoutError:  # a tool that will not stop: its intent, if it has one, is on disk
            pass
        await self._log.close()

    async def _announce(self, entry: Entry) -> None:
        intent = Entry(
            "intent", entry.at, entry.principal, entry.plugin, entry.tool, entry.effect, entry.arguments, entry.trace_id
        )
        entry.kind, entry.intent, entry.arguments = "outcome", intent, b""
        try:
            await self._log.intent(intent)
        except ToolError:  # there is no intent to refer to
            entry.kind, entry.intent, entry.arguments = "call", None, intent.arguments
            raise


def _quotes(error: ToolError, tool: Tool) -> bool:
    """Whether it may hold what must not be written down: private arguments, or a value that was cut where nobody
    would know a secret by its half."""
    return bool(tool.private) or isinstance(error, InvalidArguments)


def without(raw: bytes, private: frozenset[str]) -> bytes:
    """Arguments as JSON, with no more than the length of those that are private: what is not written down can be
    forgotten, and a hash would confirm a guess. What cannot be read is private as a whole."""
    try:
        given = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return encode(_length(raw))
    return encode({name: _length(bytes(value)) if name in private else value for name, value in given.items()})


def _length(raw: bytes) -> str:
    return f"private, {len(raw)} bytes"
