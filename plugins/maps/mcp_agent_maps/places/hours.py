"""Opening hours as OpenStreetMap writes them, read by the library opening-hours-py."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from mcp_agent import ToolError


class Hours(Struct, frozen=True):
    """``open`` is None where nobody can say; ``until`` is when that changes, in local time, None for never."""

    open: bool | None
    until: datetime | None


UNKNOWN = Hours(None, None)
_FIRST_YEAR, _LAST_YEAR = 1900, 9999
"""Between these the library knows a calendar."""


def hours_at(text: str | None, moment: datetime, timezone: str, country: str) -> Hours:
    """Whether a place with these hours is open. Without the country, public holidays count as ordinary days.

    The zone and the country are given, not found by the library: its maps of both take 100 MB of memory.
    """
    if not text:
        return UNKNOWN
    from opening_hours import OpeningHours, ParserError, State, UnknownCountryError  # type: ignore[attr-defined]  # not in its stubs

    zone = ZoneInfo(timezone)
    local = moment.astimezone(zone)
    try:
        hours = OpeningHours(text, timezone=zone, country=country or None, auto_country=False, auto_timezone=False)
    except UnknownCountryError:
        return hours_at(text, moment, timezone, "")
    except ParserError:
        return UNKNOWN
    state, _ = hours.state(local)
    known = {State.OPEN: True, State.CLOSED: False}.get(state)
    return Hours(known, hours.next_change(local))


def moment_of(at: datetime | None, now: float, timezone: str) -> datetime:
    """What was asked for; without a zone it is the time at the place, and without a time it is now.

    Raises ToolError for a year of which nobody knows opening hours.
    """
    if at is None:
        return datetime.fromtimestamp(now, UTC)
    if not _FIRST_YEAR < at.year < _LAST_YEAR:
        raise ToolError(
            f"Nobody knows what is open in the year {at.year}.",
            hint="Leave 'at' out to ask for now, or give a near time.",
        )
    return at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(timezone))
