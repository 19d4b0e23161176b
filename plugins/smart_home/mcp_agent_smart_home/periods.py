"""Stretches of time as a call gives them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from mcp_agent import Context, Field, ToolError

_LATEST = datetime(9000, 1, 1, tzinfo=UTC).timestamp()
"""Early enough to add any period to."""

Begin = Annotated[datetime | None, Field("From when; a time without a zone is UTC.")]
End = Annotated[datetime | None, Field("Until when; now, if left out.")]


def period(ctx: Context, start: datetime | None, end: datetime | None, default: timedelta) -> tuple[float, float]:
    """Seconds UTC. Raises ToolError for one that ends before it begins, or begins in the future."""
    now = ctx.clock.time()
    until = now if end is None else seconds(end)
    since = until - default.total_seconds() if start is None else seconds(start)
    if since >= until:
        raise ToolError("That period ends before it begins.", hint="'start' must be earlier than 'end'.")
    if since >= now:
        raise ToolError("That period lies in the future.", hint="Ask for one that has begun.")
    return since, until


def seconds(at: datetime) -> float:
    """UTC. What no home can know of is the nearest that one can: "since the year 1" is since there are such clocks."""
    return min(max((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp(), 0.0), _LATEST)
