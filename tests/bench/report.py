"""What was measured, for a person: absolute figures, ratios against the official SDK, and the budgets."""

from __future__ import annotations

from msgspec import Struct

from tests.bench import servers
from tests.bench.measure import FEW, MANY, Outcome, Row


class Budget(Struct, frozen=True):
    """One promise of the design: what was found, what is allowed, and whether it holds."""

    what: str
    found: str
    allowed: str
    holds: bool


def budgets(outcome: Outcome) -> list[Budget]:
    ours, sdk, many = outcome.rows[servers.OURS], outcome.rows[servers.SDK], outcome.many
    ratio = ours.rate_32 / sdk.rate_32
    plugins = f"all {len(outcome.bundled)} bundled plugins"
    found = [
        _at_least("calls/s at 32 in flight against the official SDK", ratio, 25, "x"),
        _at_most("median latency, one in flight", ours.p50_1, 0.1, "ms", 3),
        _at_most("p99 at 32 in flight", ours.p99_32, 6, "ms", 2),
        _at_most(f"spawn to first tools/list, {plugins}", ours.start, 300, "ms"),
        _at_most("... growth per bundled plugin", outcome.growth_bundled, 8, "ms", 1),
        _at_most("... growth per made-up plugin", outcome.growth_dummies, 8, "ms", 1),
        _at_least(f"calls per second of processor, {MANY} tools against {FEW}", many.ratio, 0.9, "x", 2),
    ]
    if ours.memory is not None:
        found.append(_at_most(f"peak memory after {ours.calls} calls, {plugins}", ours.memory, 60, "MB"))
    return found


def _at_most(what: str, value: float, limit: float, unit: str, digits: int = 0) -> Budget:
    return Budget(what, f"{value:.{digits}f} {unit}", f"at most {limit:g} {unit}", value <= limit)


def _at_least(what: str, value: float, limit: float, unit: str, digits: int = 1) -> Budget:
    return Budget(what, f"{value:.{digits}f} {unit}", f"at least {limit:g} {unit}", value >= limit)


_COLUMNS = (
    "", "calls/s @32", "x SDK", "calls/s @1", "x SDK", "p50 @1", "p99 @1", "p50 @32", "p99 @32", "start", "x SDK",
    "peak", "x SDK",
)  # fmt: skip


def text(outcome: Outcome) -> str:
    """The whole report. Latencies and starts in milliseconds, memory in megabytes."""
    sdk = outcome.rows[servers.SDK]
    table = [_COLUMNS, *(_cells(row, sdk) for row in outcome.rows.values())]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [_line(cells, widths) for cells in table]
    lines.insert(1, "-" * len(lines[0]))
    many = outcome.many
    lines += [
        "",
        "@32, @1: calls in flight. Latencies and start (spawn to first tools/list) in ms; peak memory in MB.",
        "Peak memory was read after: " + "; ".join(f"{r.name} {r.calls} calls" for r in outcome.rows.values()),
        f"The bare loop checks nothing and is the ceiling of this load. Plugins: {', '.join(outcome.bundled)}.",
        f"{MANY} tools: {many.listed} listed on {many.pages} pages at {many.page_time:.1f} ms each; "
        f"start {many.start:.0f} ms, all of them declared at once; {many.rates:.2f} times the calls/s of {FEW} tools.",
        "",
    ]
    promises = budgets(outcome)
    wide = max(len(budget.what) for budget in promises)
    lines += [f"{'holds ' if b.holds else 'BROKEN'}  {b.what:<{wide}}  {b.found:>10}  ({b.allowed})" for b in promises]
    return "\n".join(lines) + "\n"


def _cells(row: Row, sdk: Row) -> tuple[str, ...]:
    memory = sdk_memory = "-"
    if row.memory is not None and sdk.memory is not None:
        memory, sdk_memory = f"{row.memory:.0f}", f"{row.memory / sdk.memory:.2f}"
    return (
        row.name,
        f"{row.rate_32:,.0f}", f"{row.rate_32 / sdk.rate_32:.1f}",
        f"{row.rate_1:,.0f}", f"{row.rate_1 / sdk.rate_1:.1f}",
        f"{row.p50_1:.3f}", f"{row.p99_1:.3f}", f"{row.p50_32:.2f}", f"{row.p99_32:.2f}",
        f"{row.start:.0f}", f"{row.start / sdk.start:.2f}", memory, sdk_memory,
    )  # fmt: skip


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    first, *rest = (f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
    return "  ".join([first.strip().ljust(widths[0]), *rest])
