"""Counts calls and remembers the latest failures, for ``system_health`` and the dashboard."""

from __future__ import annotations

from collections import deque

from mcp_agent.errors import InternalFailure, ToolError
from mcp_agent.model import Clock, Failure, ToolResult
from mcp_agent.pipeline import Handler
from mcp_agent.pipeline.call import Call

_KEPT = 50


class Observer:
    """A stage with a memory: ``calls`` and ``failed`` count since start, ``failures`` are the latest, newest last."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.calls = 0
        self.failed = 0
        self.in_flight = 0
        self.failures: deque[Failure] = deque(maxlen=_KEPT)

    async def __call__(self, call: Call, inner: Handler) -> ToolResult:
        self.calls += 1
        self.in_flight += 1
        try:
            result = await inner(call)
        except ToolError as error:
            self.remember(call.tool.name, error)
            raise
        finally:
            self.in_flight -= 1
        if result.is_error:
            self.failed += 1
        return result

    def remember(self, what: str, error: ToolError) -> None:
        self.failed += 1
        trace_id = error.trace_id if isinstance(error, InternalFailure) else None
        self.failures.append(Failure(at=self._clock.time(), what=what, message=str(error), trace_id=trace_id))
