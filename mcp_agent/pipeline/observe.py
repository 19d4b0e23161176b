"""Somebody watches: what every call came to, told as it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from mcp_agent.errors import AgentError
from mcp_agent.model import Clock, ToolResult
from mcp_agent.pipeline import Handler, Stage
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.outcome import Outcome, outcome_of


class Observed(Struct, frozen=True, gc=False):
    """A call that has ended. ``at`` is when it came in, seconds since the epoch; ``ms`` how long it took."""

    call: Call
    at: float
    ms: float
    outcome: Outcome
    detail: str = ""
    result: ToolResult | None = None


Observer: TypeAlias = Callable[[Observed], None]


def observe(observer: Observer, clock: Clock) -> Stage:
    """Outside of all other stages, so that refusals are seen, and what all of them took."""

    async def stage(call: Call, inner: Handler) -> ToolResult:
        at, began = clock.time(), clock.monotonic()
        try:
            result = await inner(call)
        except BaseException as error:
            outcome, detail = outcome_of(error)
            said = str(error) if isinstance(error, AgentError) else detail
            observer(Observed(call, at, (clock.monotonic() - began) * 1000, outcome, said))
            raise
        ended: Outcome = "error" if result.is_error else "ok"
        observer(Observed(call, at, (clock.monotonic() - began) * 1000, ended, "", result))
        return result

    return stage
