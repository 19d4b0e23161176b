"""No call runs for ever."""

from __future__ import annotations

import asyncio

from mcp_agent.errors import ToolTimeout
from mcp_agent.model import ToolResult
from mcp_agent.pipeline import Handler, Stage
from mcp_agent.pipeline.call import Call
from mcp_agent.watch import Watch

_RAISE = "Ask for less at once, or raise limits.tool_seconds in the configuration."


def timeout(default: float) -> Stage:
    """``default`` in seconds is for tools that set no time of their own; 0 is no limit."""
    watches: dict[float, Watch[_Limit]] = {}
    loop = asyncio.get_running_loop()

    async def stage(call: Call, inner: Handler) -> ToolResult:
        seconds = call.tool.timeout or default
        if not seconds:
            return await inner(call)
        watch = watches.get(seconds)
        if watch is None:
            watch = watches[seconds] = Watch(seconds, _Limit.expire)
        task = asyncio.current_task(loop)  # named, because finding out costs a system call before Python 3.12
        assert task is not None
        limit = _Limit(task, watch)
        watch.begin(limit)
        context = call.context
        held, context.held = context.held, (*context.held, limit)
        try:
            return await inner(call)
        except asyncio.CancelledError:
            if not limit.expired or task.uncancel() > 0:  # somebody else wants it stopped as well
                raise
            raise ToolTimeout(
                f"{call.tool.name} was stopped after {seconds:g} seconds.",
                hint="Ask for less at once." if call.tool.timeout else _RAISE,
            ) from None
        finally:
            watch.end(limit)
            context.held = held

    return stage


class _Limit:
    """The time of a call that asks somebody begins anew with the answer."""

    __slots__ = ("expired", "task", "watch")

    def __init__(self, task: asyncio.Task[object], watch: Watch[_Limit]) -> None:
        self.task = task
        self.watch = watch
        self.expired = False

    def expire(self) -> None:
        self.expired = True
        self.task.cancel()

    def leave(self) -> None:
        self.watch.end(self)

    async def enter(self) -> None:
        self.watch.begin(self)
