"""How many at a time: each plugin has places of its own, so that one that is flooded or hangs delays no other."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from mcp_agent.config import ReliabilitySettings
from mcp_agent.errors import Busy
from mcp_agent.model import ToolResult
from mcp_agent.pipeline import Handler, Stage
from mcp_agent.pipeline.call import Call


def bulkhead(settings: ReliabilitySettings) -> Stage:
    """Who finds no place waits, first come, first served; raises Busy when too many wait already."""
    places, longest = settings.plugin_calls, settings.plugin_queue
    gates: dict[str, _Gate] = {}

    async def stage(call: Call, inner: Handler) -> ToolResult:
        plugin = call.tool.plugin
        gate = gates.get(plugin)
        if gate is None:
            gate = gates[plugin] = _Gate(places)
        if gate.taken < places:
            gate.taken += 1
        elif len(gate.waiting) < longest:
            await gate.wait()
        else:
            raise Busy(f"Plugin {plugin} works on {places} calls and {longest} more wait for it; it takes no more now.")
        context = call.context
        context.held += (gate,)
        try:
            return await inner(call)
        finally:
            if not context.lent:
                gate.leave()

    return stage


class _Gate:
    """Somebody waits only while every place is taken. A place that gets free is handed to the first who waits,
    never left for a newcomer to grab."""

    __slots__ = ("places", "taken", "waiting")

    def __init__(self, places: int) -> None:
        self.places = places
        self.taken = 0
        self.waiting: OrderedDict[asyncio.Future[None], None] = OrderedDict()

    async def wait(self) -> None:
        """Returns with a place. Cancelled, it takes none and keeps none."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting[turn] = None
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self.waiting.pop(turn, None)
            else:  # it had just been handed a place
                self.leave()
            raise

    async def enter(self) -> None:
        """For a call that gave its place back for a while. It is not sent away, however many wait."""
        if self.taken < self.places:
            self.taken += 1
        else:
            await self.wait()

    def leave(self) -> None:
        while self.waiting:
            turn, _ = self.waiting.popitem(last=False)
            if not turn.done():  # cancelled, but its waiter has not run since
                turn.set_result(None)
                return
        self.taken -= 1
