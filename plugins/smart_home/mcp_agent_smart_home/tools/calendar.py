"""Calendars."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_smart_home.examples import EXAMPLES
from mcp_agent_smart_home.home import home_of
from mcp_agent_smart_home.periods import seconds
from mcp_agent_smart_home.things import named

_MOST = 50


class Event(Struct, frozen=True, omit_defaults=True):
    """``start`` and ``end`` as the calendar has them: a time with its zone, or a day."""

    calendar: str
    summary: str
    start: str
    end: str
    location: str | None = None


class Events(Struct, frozen=True, omit_defaults=True):
    """Earliest first; ``more`` counts those not shown."""

    events: list[Event]
    more: int = 0


@tool(effect="read", origin="calendar", examples=EXAMPLES["home_calendar"])
async def home_calendar(
    ctx: Context,
    calendar: Annotated[
        str | None, Field("One calendar, such as calendar.family; left out: all.", max_length=255)
    ] = None,
    start: Annotated[datetime | None, Field("From when; now, if left out. A time without a zone is UTC.")] = None,
    days: Annotated[float, Field("For how many days.", gt=0, le=400)] = 7,
) -> Events:
    """Events of the calendars in the coming days. Others may have written them."""
    home = home_of(ctx)
    entities = await home.entities()
    if calendar is None:
        ids = [one.entity_id for one in entities.values() if one.domain == "calendar"]
    else:
        ids = [one.entity_id for one in named(entities, [calendar], "calendar")]
    if not ids:
        raise ToolError("There is no calendar in this home.", hint="Add one in Home Assistant.")
    begin = ctx.clock.time() if start is None else seconds(start)
    times = [datetime.fromtimestamp(at, UTC).isoformat() for at in (begin, begin + days * 86400)]
    data = {"start_date_time": times[0], "end_date_time": times[1]}
    found = []
    for entity_id in ids:
        answer = await home.call("calendar", "get_events", [entity_id], data, response=True)
        found += [
            Event(entity_id, one.get("summary") or "", one["start"], one["end"], one.get("location") or None)
            for one in answer[entity_id]["events"]
        ]
    found.sort(key=lambda event: event.start)
    return Events(found[:_MOST], max(0, len(found) - _MOST))
