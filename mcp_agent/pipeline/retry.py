"""Once more, where that can do no harm: the other side often fails for a moment only."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable

from mcp_agent.config import ReliabilitySettings
from mcp_agent.errors import ToolError, ToolTimeout, UpstreamError
from mcp_agent.model import Clock, Tool, ToolResult
from mcp_agent.pipeline import Handler, Only, Stage
from mcp_agent.pipeline.call import Call

_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0


def retry(
    settings: ReliabilitySettings,
    clock: Clock,
    sleep: Callable[[float], Awaitable[None]],
    chance: Callable[[], float] = random.random,
) -> Stage:
    """Tries that failed beyond the tool are made again, after pauses that double and vary by up to a half.

    ``chance`` gives 0.0 to 1.0: it keeps callers that failed together from coming back together.
    """
    attempts, patience = settings.attempts, settings.retry_seconds

    async def repeated(call: Call, inner: Handler) -> ToolResult:
        began = clock.monotonic()
        pause = _FIRST_PAUSE
        for _ in range(attempts - 1):
            try:
                return await inner(call)
            except (UpstreamError, ToolTimeout) as error:
                wait = pause * (0.5 + 0.5 * chance())
                if not _harmless(call.tool, error) or clock.monotonic() + wait - began > patience:
                    raise
            await sleep(wait)
            pause = min(pause * 2, _LONGEST_PAUSE)
            call.context.rewind()
        return await inner(call)

    return Only(lambda tool: attempts > 1 and (tool.only_reads or tool.idempotent), repeated)


def _harmless(tool: Tool, error: ToolError) -> bool:
    """Reading changes nothing. A write is made again only when the first has certainly not been carried out: even an
    idempotent one would undo what somebody else changed in between."""
    return tool.only_reads or (isinstance(error, UpstreamError) and not error.sent)
