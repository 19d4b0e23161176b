"""What a dashboard shows, kept up to date and bounded: instances, their latest calls, and how busy they are."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

from msgspec import Struct

from mcp_agent.control import api
from mcp_agent.control.client import Instance, InstanceGone
from mcp_agent.control.desk import Desk
from mcp_agent.control.stored import PastCall
from mcp_agent.errors import AgentError

CALLS = 5000
"""Calls that are kept; older ones are in the audit log."""
SECONDS = 300
"""Seconds of throughput and latency that are kept."""
_PAST = 500
_GONE = 60.0
"""Seconds for which an instance that ended is still shown, as gone."""


class Watched:
    """An instance, with the latest that it told. ``gone`` is when it ended, None while it runs."""

    def __init__(self, instance: Instance, number: int) -> None:
        self.instance = instance
        self.number = number
        self.hello = instance.hello
        self.tick: api.Tick | None = None
        self.state: api.State | None = None
        self.gone: float | None = None
        self.counted: int | None = None


class CallRow(Struct, frozen=True, gc=False):
    """A call, live from an instance or out of the audit log."""

    ended: api.Ended
    source: Watched | None = None
    past: PastCall | None = None


class Sample(Struct, frozen=True, gc=False):
    """One second of all instances. ``p50`` and ``p95`` in milliseconds, 0 where nothing ended."""

    rate: int = 0
    p50: float = 0.0
    p95: float = 0.0


class Feed:
    """``version`` grows with everything new. Call ``refresh`` and ``sample`` once a second."""

    def __init__(self, desk: Desk, now: Callable[[], float] = time.time) -> None:
        self._desk = desk
        self._now = now
        self.version = 0
        self.watched: list[Watched] = []
        self.calls: deque[CallRow] = deque(maxlen=CALLS)
        self.total = 0
        """Calls that were ever put into ``calls``."""
        self.samples: deque[Sample] = deque([Sample()] * SECONDS, maxlen=SECONDS)
        self.dropped = 0
        self._times: list[float] = []
        self._numbers = 0

    async def start(self) -> None:
        """Take in the last calls of the audit log, and watch every instance. Raises AgentError for a broken log."""
        self._desk.came = self.came
        for instance in self._desk.instances:
            self.came(instance)
        began = self._now()
        for past in await self._desk.stored.calls(_PAST):
            if past.ended.at < began:
                self._add(CallRow(past.ended, None, past))
        self.version += 1

    def came(self, instance: Instance) -> None:
        """Watch one more instance."""
        self._numbers += 1
        watched = Watched(instance, self._numbers)
        self.watched.append(watched)
        instance.on_tick = lambda tick: self.told(watched, tick)
        instance.on_gone = lambda: self.lost(watched)
        self.version += 1
        asyncio.get_running_loop().create_task(self._begin(watched))

    def told(self, watched: Watched, tick: api.Tick) -> None:
        """News of an instance."""
        before = watched.tick
        watched.tick = tick
        self.dropped += tick.dropped
        for ended in tick.ended:
            self._add(CallRow(ended, watched))
            self._times.append(ended.ms)
        if tick.ended or before is None or before.running or tick.running or before.calls != tick.calls:
            self.version += 1

    def lost(self, watched: Watched) -> None:
        """An instance has ended."""
        watched.gone = self._now()
        self.version += 1

    async def refresh(self) -> None:
        """Look for instances that came, forget those gone for a while, and ask the others how they are."""
        await self._desk.refresh()
        self.watched = [one for one in self.watched if one.gone is None or self._now() - one.gone < _GONE]
        await asyncio.gather(*(self._ask(one) for one in self.watched if one.gone is None))

    def sample(self) -> None:
        """Close a second."""
        rate = 0
        for one in self.watched:
            if one.tick is None:
                continue
            rate += one.tick.calls - (one.tick.calls if one.counted is None else one.counted)
            one.counted = one.tick.calls
        times, self._times = sorted(self._times), []
        sample = Sample(rate, _at(times, 0.5), _at(times, 0.95))
        if sample != self.samples[-1]:
            self.version += 1
        self.samples.append(sample)

    @property
    def alive(self) -> list[Watched]:
        return [one for one in self.watched if one.gone is None]

    # --- inside ----------------------------------------------------------------------------------

    def _add(self, row: CallRow) -> None:
        self.calls.append(row)
        self.total += 1

    async def _begin(self, watched: Watched) -> None:
        try:
            await watched.instance.ask(api.Watch())
        except AgentError:  # it ended at once, which ``on_gone`` tells
            return
        await self._ask(watched)

    async def _ask(self, watched: Watched) -> None:
        try:
            watched.state = await watched.instance.ask(api.GetState())
        except InstanceGone:  # ``on_gone`` tells
            return
        self.version += 1


def _at(times: list[float], share: float) -> float:
    return times[min(int(len(times) * share), len(times) - 1)] if times else 0.0
