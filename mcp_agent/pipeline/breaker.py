"""What keeps failing is left alone for a while: for its own sake, and so that callers hear it at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Sequence

from mcp_agent.config import ReliabilitySettings
from mcp_agent.errors import ToolTimeout, Unavailable, UpstreamError
from mcp_agent.model import BreakerState, Clock, ToolResult
from mcp_agent.pipeline import Handler
from mcp_agent.pipeline.call import Call

Side = tuple[str, str | None]
"""A plugin and the host that failed it, None where the failure did not say."""

_BREAKERS = 1000
_SIDES_OF_A_TOOL = 16


class _Breaker:
    """Closed, it counts failures in a row. ``opened`` is when it opened last; when it has rested for long enough, it
    is half open and lets a few calls try. ``trials`` holds when these began, ``opening`` counts how often it opened.
    """

    __slots__ = ("failures", "opened", "opening", "trials")

    def __init__(self) -> None:
        self.failures = 0
        self.opened: float | None = None
        self.opening = 0
        self.trials: list[float] = []

    def open(self, now: float) -> None:
        self.opened = now
        self.opening += 1


_Trial = tuple[_Breaker, int, float]
"""A breaker that a call tries out, its opening, and when the call began."""


class Breaker:
    """A stage that raises Unavailable while the other side is left alone.

    Nobody can say beforehand which host a call will reach; it is learnt from failures. A tool that a host has failed
    is held back while the breaker of that host is open, and no other is. Where the host stood in the arguments, only
    calls that name it are held back. What is well is not remembered at all.
    """

    def __init__(self, settings: ReliabilitySettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._breakers: OrderedDict[Side, _Breaker] = OrderedDict()
        self._failed_by: dict[str, OrderedDict[Side, bool]] = {}

    def states(self) -> list[BreakerState]:
        """What is not well now."""
        now, rest = self._clock.monotonic(), self._settings.breaker_seconds
        return [_state(side, breaker, now, rest) for side, breaker in self._breakers.items()]

    def __call__(self, call: Call, inner: Handler) -> Awaitable[ToolResult]:
        return self._watched(call, inner, self._admit(call) if call.tool.name in self._failed_by else ())

    async def _watched(self, call: Call, inner: Handler, trials: Sequence[_Trial]) -> ToolResult:
        try:
            result = await inner(call)
        except (UpstreamError, ToolTimeout) as error:
            self._failed(call, error.host if isinstance(error, UpstreamError) else None, trials)
            raise
        finally:
            for breaker, _, began in trials:
                breaker.trials.remove(began)
        if call.tool.name in self._failed_by and not result.is_error:
            self._worked(call, trials)
        return result

    def _admit(self, call: Call) -> Sequence[_Trial]:
        """What this call tries out. Raises Unavailable."""
        now = self._clock.monotonic()
        rest = self._settings.breaker_seconds
        trials: list[_Trial] = []
        for side in self._concerning(call):
            breaker = self._breakers[side]
            if breaker.opened is None:
                continue
            wait = breaker.opened + rest - now
            under_way = sum(now - began < rest for began in breaker.trials)  # one that hangs must not block for ever
            if wait > 0 or under_way >= self._settings.breaker_trials:
                what = side[1] or f"What {call.tool.name} needs"
                raise Unavailable(f"{what} kept failing and is left alone for a while.", retry_after=max(wait, 1.0))
            trials.append((breaker, breaker.opening, now))
        for breaker, _, began in trials:
            breaker.trials.append(began)
        return trials

    def _worked(self, call: Call, trials: Sequence[_Trial]) -> None:
        tried = {(breaker, opening) for breaker, opening, _ in trials}
        for side in self._concerning(call):
            breaker = self._breakers[side]
            if breaker.opened is None or (breaker, breaker.opening) in tried:
                del self._breakers[side]
        sides = self._failed_by[call.tool.name]
        for side in [side for side in sides if side not in self._breakers]:
            del sides[side]
        if not sides:
            del self._failed_by[call.tool.name]

    def _failed(self, call: Call, host: str | None, trials: Sequence[_Trial]) -> None:
        now = self._clock.monotonic()
        side = (call.tool.plugin, host)
        breaker = self._breakers.setdefault(side, _Breaker())
        if len(self._breakers) > _BREAKERS:
            self._breakers.popitem(last=False)
        sides = self._failed_by.setdefault(call.tool.name, OrderedDict())
        sides[side] = host is not None and host.encode() in call.raw
        if len(sides) > _SIDES_OF_A_TOOL:
            sides.popitem(last=False)
        for tried, opening, _ in trials:
            if tried.opening == opening and (tried is breaker or host is None):
                tried.open(now)
        if breaker.opened is None:
            breaker.failures += 1
            if breaker.failures >= self._settings.breaker_failures:
                breaker.open(now)

    def _concerning(self, call: Call) -> list[Side]:
        """Where this call may go, of what is not well."""
        return [
            side
            for side, named in self._failed_by[call.tool.name].items()
            if side in self._breakers and not (named and side[1] and side[1].encode() not in call.raw)
        ]


def _state(side: Side, breaker: _Breaker, now: float, rest: float) -> BreakerState:
    plugin, host = side
    if breaker.opened is None:
        return BreakerState(plugin=plugin, host=host, state="failing", failures=breaker.failures)
    left = max(breaker.opened + rest - now, 0.0)
    return BreakerState(
        plugin=plugin, host=host, state="open" if left else "half-open", failures=breaker.failures, seconds=left
    )
