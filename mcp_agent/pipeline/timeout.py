"""No call runs for ever."""

from __future__ import annotations

import asyncio

from mcp_agent.errors import ToolTimeout
from mcp_agent.model import ToolResult
from mcp_agent.pipeline import Handler, Stage
from mcp_agent.pipeline.call import Call


def timeout(default: float) -> Stage:
    """``default`` in seconds is for tools that set no time of their own; 0 is no limit."""
    watches: dict[float, _Watch] = {}

    async def stage(call: Call, inner: Handler) -> ToolResult:
        seconds = call.tool.timeout or default
        if not seconds:
            return await inner(call)
        watch = watches.get(seconds)
        if watch is None:
            watch = watches[seconds] = _Watch(seconds)
        task = asyncio.current_task()
        assert task is not None
        limit = _Limit(task)
        watch.begin(limit)
        try:
            return await inner(call)
        except asyncio.CancelledError:
            if not limit.expired or task.uncancel() > 0:  # somebody else wants it stopped as well
                raise
            raise ToolTimeout(
                f"{call.tool.name} was stopped after {seconds:g} seconds.",
                hint="Ask for less at once, or raise limits.tool_seconds in the configuration.",
            ) from None
        finally:
            watch.end(limit)

    return stage


class _Limit:
    __slots__ = ("expired", "task")

    def __init__(self, task: asyncio.Task[object]) -> None:
        self.task = task
        self.expired = False


class _Watch:
    """Over all calls that may take equally long: they run out in the order in which they began, so that one timer of
    the event loop is enough. A timer for each call costs more than the rest of the onion's inside."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._until: dict[_Limit, float] = {}
        self._armed = False

    def begin(self, limit: _Limit) -> None:
        until = self._until[limit] = self._loop.time() + self._seconds
        if not self._armed:
            self._armed = True
            self._loop.call_at(until, self._look)

    def end(self, limit: _Limit) -> None:
        self._until.pop(limit, None)

    def _look(self) -> None:
        """Stop what has run out; look again when the next one may have."""
        now = self._loop.time()
        for limit, until in list(self._until.items()):
            if until > now:
                self._loop.call_at(until, self._look)
                return
            del self._until[limit]
            limit.expired = True
            limit.task.cancel()
        self._armed = False
