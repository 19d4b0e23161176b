"""What was in the last weeks, months and years: long-term statistics, and two periods compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_smart_home.examples import EXAMPLES
from mcp_agent_smart_home.home import Bucket, Home, Period, home_of
from mcp_agent_smart_home.periods import Begin, End, period, seconds
from mcp_agent_smart_home.things import EntityId, iso, named

_SHORTEST = 1e-9


class Sum(Struct, frozen=True, omit_defaults=True):
    """A whole period: ``mean``, ``min`` and ``max`` of what is measured, ``change`` of a meter."""

    start: str
    end: str
    mean: float | None = None
    min: float | None = None
    max: float | None = None
    change: float | None = None


class Difference(Struct, frozen=True, omit_defaults=True):
    """This period less the other one."""

    value: float
    percent: float | None = None


class Statistic(Struct, frozen=True, omit_defaults=True):
    """``buckets`` are [start, value]: the mean, or for a meter the change."""

    entity_id: str
    total: Sum
    unit: str | None = None
    buckets: list[tuple[str, float]] = []
    other: Sum | None = None
    difference: Difference | None = None


class Statistics(Struct, frozen=True, omit_defaults=True):
    """``without`` names things that no statistics are kept of, or not of this period."""

    statistics: list[Statistic]
    without: list[str] = []


@tool(effect="read", examples=EXAMPLES["home_get_statistics"])
async def home_get_statistics(
    ctx: Context,
    entity_ids: Annotated[list[EntityId], Field("Which sensors.", min_length=1, max_length=10)],
    start: Begin = None,
    end: End = None,
    by: Annotated[Period, Field("How long each bucket is.")] = "day",
    compare_start: Annotated[Begin, Field("Compare with a period of the same length that began then.")] = None,
    buckets: Annotated[int, Field("How many buckets to show at most, the latest.", ge=0, le=100)] = 31,
) -> Statistics:
    """Long-term statistics of sensors, by default of the last 7 days: means, extremes, and what a meter counted.

    Can compare two periods, such as this week with the last. Times are UTC.
    """
    home = home_of(ctx)
    since, until = period(ctx, start, end, timedelta(days=7))
    things = named(await home.entities(), entity_ids)
    ids = [thing.entity_id for thing in things]
    found = await home.statistics(ids, since, until, by)
    before = await _before(home, ids, compare_start, since, until, by)
    given, without = list[Statistic](), list[str]()
    for thing in things:
        rows = found.get(thing.entity_id)
        if not rows:
            without.append(thing.entity_id)
            continue
        total = _sum(rows, since, until)
        other = None
        if compare_start is not None and before.get(thing.entity_id):
            began = seconds(compare_start)
            other = _sum(before[thing.entity_id], began, began + until - since)
        values = [(iso(one.start), round(_value(one), 3)) for one in rows[-buckets:]] if buckets else []
        given.append(Statistic(thing.entity_id, total, thing.unit, values, other, _difference(total, other)))
    if not given:
        raise ToolError(
            f"There are no statistics of {', '.join(without)} in that period.",
            hint="Only sensors with a unit have some, from an hour after they appeared. home_get_history has states.",
        )
    return Statistics(given, without)


async def _before(
    home: Home, ids: list[str], compare_start: Begin, since: float, until: float, by: Period
) -> dict[str, Sequence[Bucket]]:
    if compare_start is None:
        return {}
    began = seconds(compare_start)
    return dict(await home.statistics(ids, began, began + until - since, by))


def _sum(rows: Sequence[Bucket], since: float, until: float) -> Sum:
    means, changes = (
        [one.mean for one in rows if one.mean is not None],
        [one.change for one in rows if one.change is not None],
    )
    low, high = [one.min for one in rows if one.min is not None], [one.max for one in rows if one.max is not None]
    return Sum(
        iso(since), iso(until), round(sum(means) / len(means), 3) if means else None, min(low, default=None),
        max(high, default=None), round(sum(changes), 3) if changes else None,
    )  # fmt: skip


def _value(one: Bucket | Sum) -> float:
    return next((value for value in (one.mean, one.change) if value is not None), 0.0)


def _difference(total: Sum, other: Sum | None) -> Difference | None:
    if other is None:
        return None
    less = _value(total) - _value(other)
    percent = round(100 * less / abs(_value(other)), 1) if abs(_value(other)) > _SHORTEST else None
    return Difference(round(less, 3), percent)
