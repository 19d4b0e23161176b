"""No call runs for ever."""

from __future__ import annotations

import asyncio

from mcp_agent.errors import ToolTimeout
from mcp_agent.model import ToolResult
from mcp_agent.pipeline import Handler, Stage
from mcp_agent.pipeline.call import Call


def timeout(default: float) -> Stage:
    """``default`` in seconds is for tools that set no time of their own; 0 is no limit."""

    async def stage(call: Call, inner: Handler) -> ToolResult:
        seconds = call.tool.timeout or default
        if not seconds:
            return await inner(call)
        task = asyncio.current_task()
        assert task is not None
        expired = False

        def expire() -> None:
            nonlocal expired
            expired = True
            task.cancel()

        timer = asyncio.get_running_loop().call_later(seconds, expire)
        try:
            return await inner(call)
        except asyncio.CancelledError:
            if not expired or task.uncancel() > 0:  # somebody else wants it stopped as well
                raise
            raise ToolTimeout(
                f"{call.tool.name} was stopped after {seconds:g} seconds.",
                hint="Ask for less at once, or raise limits.tool_seconds in the configuration.",
            ) from None
        finally:
            timer.cancel()

    return stage
