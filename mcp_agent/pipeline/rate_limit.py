"""How often: a token bucket for each client, each plugin and each tool."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable

from mcp_agent.config import ReliabilitySettings
from mcp_agent.errors import Busy
from mcp_agent.model import Clock, ToolResult
from mcp_agent.pipeline import Handler, Only, Stage
from mcp_agent.pipeline.call import Call

_BUCKETS = 10_000
_ROUNDING = 1e-6
"""Seconds: whoever comes back exactly when told to must not be sent away over the last bit of a float."""


def rate_limit(settings: ReliabilitySettings, clock: Clock) -> Stage:
    """Raises Busy, which says when to come back. What is refused uses up nothing.

    A bucket holds the calls of one minute and fills evenly, so that many may come at once after a pause.
    """
    principals, plugins, tools = _Buckets(), _Buckets(), _Buckets()
    for_all = settings.principal_rate or settings.plugin_rate or settings.tool_rate

    def stage(call: Call, inner: Handler) -> Awaitable[ToolResult]:
        tool = call.tool
        principal = call.caller.principal
        applying = (
            (principals, principal, settings.principal_rate, f"{principal} may make"),
            (plugins, tool.plugin, settings.plugin_rate, f"Plugin {tool.plugin} takes"),
            (tools, tool.name, tool.rate or settings.tool_rate, f"{tool.name} takes"),
        )
        now = clock.monotonic()
        longest = 0.0
        for buckets, key, rate, who in applying:
            wait = buckets.wait(key, rate, now) if rate else 0.0
            if wait > longest:
                longest, words = wait, f"{who} {rate:g} calls a minute, and these are used up."
        if longest > _ROUNDING:
            raise Busy(words, retry_after=longest)
        for buckets, key, rate, _ in applying:
            if rate:
                buckets.take(key, rate, now)
        return inner(call)

    return Only(lambda tool: bool(for_all) or tool.rate is not None, stage)


class _Buckets:
    """For each key the time at which its bucket will be full again; who is missing has a full one.

    Bounded: the one that was used longest ago is forgotten first.
    """

    def __init__(self) -> None:
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def wait(self, key: str, rate: float, now: float) -> float:
        """Seconds until there is a token; none or less when there is one."""
        spare = (max(rate, 1.0) - 1.0) * 60.0 / rate
        return self._full_at.get(key, now) - now - spare

    def take(self, key: str, rate: float, now: float) -> None:
        self._full_at[key] = max(self._full_at.get(key, now), now) + 60.0 / rate
        self._full_at.move_to_end(key)
        if len(self._full_at) > _BUCKETS:
            self._full_at.popitem(last=False)
