"""How often one host is asked."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from mcp_agent import ToolError

_HOSTS = 2000
_LONGEST_WAIT = 60.0


class Pace:
    """Gives each host a rest between two requests. ``now`` gives seconds that never go back."""

    def __init__(
        self, seconds: float, now: Callable[[], float], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._seconds = seconds
        self._now = now
        self._sleep = sleep
        self._next: OrderedDict[str, float] = OrderedDict()

    async def turn(self, host: str, crawl_delay: float = 0.0) -> None:
        """Wait until this host may be asked again. Raises ToolError where that would take too long."""
        now = self._now()
        turn = max(now, self._next.get(host, now))
        if turn - now > _LONGEST_WAIT:
            raise ToolError(
                f"{host} is to be left alone for {turn - now:.0f} more seconds.", hint="Fetch other hosts meanwhile."
            )
        self._next[host] = turn + max(self._seconds, crawl_delay)
        self._next.move_to_end(host)
        if len(self._next) > _HOSTS:
            self._next.popitem(last=False)
        if turn > now:
            await self._sleep(turn - now)
