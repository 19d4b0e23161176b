"""Calls are counted and timed, and Prometheus can read it."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest
from prometheus_client.parser import text_string_to_metric_families

from mcp_agent.errors import Denied, ToolError, ToolTimeout
from mcp_agent.model import Tool, ToolResult
from mcp_agent.pipeline.audit import Audit
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.metrics import BOUNDS, Metrics
from mcp_agent.store.audit_memory import MemoryLog
from tests.pipeline.models import make_call, make_tool

Labels = tuple[str, str, str]


class Clock:
    now = 0.0

    def time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now


class Bench:
    """Metrics, and calls that take as long and end as they are told."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.metrics = Metrics(self.clock)

    def call(self, tool: Tool, seconds: float = 0.0, end: BaseException | ToolResult | None = None) -> None:
        async def inner(call: Call) -> ToolResult:
            self.clock.now += seconds
            if isinstance(end, BaseException):
                raise end
            return end or ToolResult()

        async def run() -> None:
            task = asyncio.ensure_future(Audit(MemoryLog(), self.metrics, self.clock)(make_call(tool), inner))
            await asyncio.wait([task])
            if not task.cancelled():
                assert task.exception() is (end if isinstance(end, BaseException) else None)

        asyncio.run(run())

    def samples(self, name: str) -> dict[Labels, float]:
        return {labels: value for labels, le, value in self._all(name) if le is None}

    def buckets(self, labels: Labels) -> dict[float, float]:
        found = self._all("mcp_agent_call_seconds_bucket")
        return {float(le): value for of, le, value in found if of == labels and le is not None}

    def _all(self, name: str) -> list[tuple[Labels, str | None, float]]:
        families = text_string_to_metric_families(self.metrics.render().decode())
        return [
            ((one.labels["plugin"], one.labels["tool"], one.labels["outcome"]), one.labels.get("le"), one.value)
            for family in families
            for one in family.samples
            if one.name == name
        ]


ENDS: list[tuple[BaseException | ToolResult, str]] = [
    (ToolResult(), "ok"),
    (ToolResult(is_error=True), "error"),
    (ToolError("no"), "error"),
    (Denied("no"), "denied"),
    (ToolTimeout("late"), "timeout"),
    (asyncio.CancelledError(), "cancelled"),
    (KeyError("bug"), "crashed"),
]


@pytest.mark.parametrize(("end", "outcome"), ENDS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_end_is_counted_under_its_name(end: BaseException | ToolResult, outcome: str) -> None:
    bench = Bench()
    bench.call(make_tool("shop_buy", "shop"), end=end)
    assert bench.samples("mcp_agent_calls_total") == {("shop", "shop_buy", outcome): 1}


def test_tools_are_counted_apart() -> None:
    bench = Bench()
    for name, plugin, times in (("shop_buy", "shop", 3), ("shop_look", "shop", 1), ("home_light", "home", 2)):
        for _ in range(times):
            bench.call(make_tool(name, plugin))
    assert bench.samples("mcp_agent_calls_total") == {
        ("shop", "shop_buy", "ok"): 3, ("shop", "shop_look", "ok"): 1, ("home", "home_light", "ok"): 2,
    }  # fmt: skip


def test_the_latency_is_in_the_right_bucket_and_their_sum_is_right() -> None:
    bench = Bench()
    for seconds in (0.0, 0.0005, 0.03125, 0.03125, 64.0, 1024.0):
        bench.call(make_tool("shop_buy", "shop"), seconds)
    labels = ("shop", "shop_buy", "ok")
    found = bench.buckets(labels)
    assert set(found) == {*BOUNDS, float("inf")}
    expected = {0.0005: 2, 0.001: 2, 0.025: 2, 0.05: 4, 60.0: 4, 300.0: 5, float("inf"): 6}
    assert {bound: found[bound] for bound in expected} == expected
    assert bench.samples("mcp_agent_call_seconds_count") == {labels: 6}
    assert bench.samples("mcp_agent_call_seconds_sum")[labels] == pytest.approx(1088.063)


def test_the_library_is_not_imported_until_somebody_asks() -> None:
    code = "import mcp_agent.pipeline.metrics as m, sys; assert 'prometheus_client' not in sys.modules\n"
    code += "m.Metrics(None).render(); assert 'prometheus_client' in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_tools_without_end_do_not_make_series_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcp_agent.pipeline.metrics._SERIES", 3)
    bench = Bench()
    for number in range(10):
        bench.call(make_tool(f"shop_{number}", "shop"))
    counted = bench.samples("mcp_agent_calls_total")
    assert len(counted) == 4
    assert counted["other", "other", "ok"] == 7
