"""Calls and their latency, per plugin, tool and outcome, for Prometheus; and the latest failures, for people.

Counted in plain numbers: prometheus_client takes about 70 ms to import, which no start should pay for. It is
imported when somebody asks, and given the numbers through a collector.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mcp_agent.errors import InternalFailure, ToolError
from mcp_agent.model import Clock, Failure, Tool, Usage
from mcp_agent.pipeline.outcome import Outcome

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Upper bounds of the latency buckets, in seconds; one more holds what is above."""
_LABELS = ("plugin", "tool", "outcome")
_SERIES = 20_000
_FAILURES = 50
_OTHER = "other"


class _Series:
    __slots__ = ("buckets", "labels", "seconds")

    def __init__(self, labels: tuple[str, str, str]) -> None:
        self.labels = labels
        self.buckets = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0


class Metrics:
    """The audit stage tells it of each call; ``render`` tells all. At most 20,000 series are kept; what comes then is
    ``other``.

    ``calls`` and ``failed`` count since the start; ``failures`` are the latest, newest last.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.calls = 0
        self.failed = 0
        self.in_flight = 0
        self.failures: deque[Failure] = deque(maxlen=_FAILURES)
        self._series: dict[tuple[str, Outcome], _Series] = {}

    def begun(self) -> None:
        """A call came in."""
        self.calls += 1
        self.in_flight += 1

    def ended(self, tool: Tool, outcome: Outcome, seconds: float, error: BaseException | None) -> None:
        """It ended, whichever way: with ``error`` where something was raised."""
        self.in_flight -= 1
        if error is None:
            self.failed += outcome == "error"
        elif isinstance(error, ToolError):
            self._remember(tool.name, error)
        series = self._series.get((tool.name, outcome)) or self._new(tool, outcome)
        series.buckets[bisect_left(BOUNDS, seconds)] += 1
        series.seconds += seconds

    def used(self) -> dict[str, int]:
        """How often each tool was called and did what it should."""
        return {tool: sum(series.buckets) for (tool, outcome), series in self._series.items() if outcome == "ok"}

    def render(self) -> bytes:
        """Everything counted since the start, in the text format of Prometheus."""
        from prometheus_client import CollectorRegistry, generate_latest

        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator[Metric]:
        """For prometheus_client: register this in a registry of your own to serve it beside other metrics."""
        from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily

        calls = CounterMetricFamily("mcp_agent_calls", "Calls of tools.", labels=_LABELS)
        latency = HistogramMetricFamily("mcp_agent_call_seconds", "How long calls took, in seconds.", labels=_LABELS)
        for series in list(self._series.values()):
            total = 0
            buckets = []
            for bound, count in zip((*BOUNDS, float("inf")), series.buckets, strict=True):
                total += count
                buckets.append(("+Inf" if bound == float("inf") else str(bound), float(total)))
            calls.add_metric(series.labels, total)
            latency.add_metric(series.labels, buckets, series.seconds)
        yield calls
        yield latency

    def usage(self) -> dict[str, Usage]:
        """What was counted, by plugin."""
        found: dict[str, Usage] = {}
        for series in self._series.values():
            plugin, _, outcome = series.labels
            count, before = sum(series.buckets), found.get(plugin, Usage())
            found[plugin] = Usage(before.calls + count, before.failed + (0 if outcome == "ok" else count))
        return found

    def _remember(self, what: str, error: ToolError) -> None:
        self.failed += 1
        trace_id = error.trace_id if isinstance(error, InternalFailure) else None
        self.failures.append(Failure(at=self._clock.time(), what=what, message=str(error), trace_id=trace_id))

    def _new(self, tool: Tool, outcome: Outcome) -> _Series:
        labels = (tool.plugin, tool.name, outcome)
        if len(self._series) >= _SERIES:
            labels = (_OTHER, _OTHER, outcome)
        return self._series.setdefault((labels[1], outcome), _Series(labels))
