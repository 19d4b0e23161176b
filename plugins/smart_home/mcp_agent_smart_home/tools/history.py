"""What was in the last days, state by state."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, tool
from mcp_agent_smart_home.examples import EXAMPLES
from mcp_agent_smart_home.home import Moment, home_of
from mcp_agent_smart_home.periods import Begin, End, period
from mcp_agent_smart_home.things import EntityId, iso, named

_SHORTEST = 1e-9


class Point(Struct, frozen=True):
    at: str
    state: str


class Numbers(Struct, frozen=True):
    """``mean`` is weighted by how long each value held."""

    min: float
    max: float
    mean: float
    first: float
    last: float


class Past(Struct, frozen=True, omit_defaults=True):
    """``points`` are at most as many as asked for, spread evenly over all ``changes``. ``hours_in`` says how long each
    state lasted, for what is no number."""

    entity_id: str
    changes: int
    points: list[Point]
    unit: str | None = None
    numbers: Numbers | None = None
    hours_in: dict[str, float] = {}


@tool(effect="read", examples=EXAMPLES["home_get_history"])
async def home_get_history(
    ctx: Context,
    entity_ids: Annotated[list[EntityId], Field("Which things.", min_length=1, max_length=10)],
    start: Begin = None,
    end: End = None,
    points: Annotated[int, Field("How many states of each to show at most.", ge=0, le=200)] = 20,
) -> list[Past]:
    """How things were over a period, by default the last 24 hours: numbers summed up, how long each other state lasted.

    Homes keep some days of this. For longer use home_get_statistics. Times are UTC.
    """
    home = home_of(ctx)
    since, until = period(ctx, start, end, timedelta(days=1))
    things = named(await home.entities(), entity_ids)
    found = await home.history([thing.entity_id for thing in things], since, until)
    end_of_all = min(until, ctx.clock.time())
    return [_past(thing.entity_id, thing.unit, found.get(thing.entity_id, ()), end_of_all, points) for thing in things]


def _past(entity_id: str, unit: str | None, moments: Sequence[Moment], until: float, most: int) -> Past:
    points = [Point(iso(one.at), one.state) for one in _spread(moments, most)]
    spans = [(one.state, max(0.0, after - one.at)) for one, after in _with_ends(moments, until)]
    values = [(value, span) for state, span in spans if (value := _number(state)) is not None]
    if values:
        return Past(entity_id, len(moments), points, unit, _numbers(values))
    hours: dict[str, float] = defaultdict(float)
    for state, span in spans:
        hours[state] += span / 3600
    return Past(
        entity_id, len(moments), points, unit, hours_in={state: round(span, 2) for state, span in hours.items()}
    )


def _with_ends(moments: Sequence[Moment], until: float) -> list[tuple[Moment, float]]:
    ends = [*(one.at for one in moments[1:]), until]
    return list(zip(moments, ends, strict=False))


def _numbers(values: Sequence[tuple[float, float]]) -> Numbers:
    only = [value for value, _ in values]
    weight = sum(span for _, span in values)
    mean = sum(value * span for value, span in values) / weight if weight > _SHORTEST else sum(only) / len(only)
    return Numbers(min(only), max(only), round(mean, 3), only[0], only[-1])


def _number(state: str) -> float | None:
    try:
        value = float(state)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _spread(moments: Sequence[Moment], most: int) -> list[Moment]:
    if len(moments) <= most:
        return list(moments)
    if most < 2:
        return list(moments[-1:])[:most]
    return [moments[round(number * (len(moments) - 1) / (most - 1))] for number in range(most)]
