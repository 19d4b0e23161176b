"""Dates as people and models write them: a year, a month, a day, or a time of day. UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from mcp_agent import ToolError

FIRST = datetime.min.replace(tzinfo=UTC).timestamp()
"""The first moment that a date can say. People remember what was before 1970."""
_LAST = datetime.max.replace(tzinfo=UTC, microsecond=0).timestamp()
_PARTS = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def period_of(text: str) -> tuple[float, float]:
    """Where a date begins and ends, in seconds since 1970: ``2025``, ``2025-03``, ``2025-03-14`` or an ISO time.

    Raises ToolError for anything else.
    """
    text = text.strip()
    parts = _PARTS.fullmatch(text)
    try:
        if parts is None:
            moment = datetime.fromisoformat(text)
            start = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).timestamp()
            return start, start  # astimezone: a time before the year 1 or after 9999 in UTC could not be shown
        year, month, day = (None if part is None else int(part) for part in parts.groups())
        assert year is not None
        return whole(year, month, day)
    except (ValueError, OverflowError):
        raise ToolError(
            f"{text!r} is no date.", hint="Write 2025, 2025-03, 2025-03-14 or 2025-03-14T18:30:00Z."
        ) from None


def whole(year: int, month: int | None = None, day: int | None = None) -> tuple[float, float]:
    """The whole year, month or day. Raises ValueError where there is none."""
    start = datetime(year, month or 1, day or 1, tzinfo=UTC)
    if (year, month or 12, day or 31) == (9999, 12, 31):  # "for ever": there is no day after it
        return start.timestamp(), _LAST
    if day is not None:
        end = start + timedelta(days=1)
    elif month is not None:
        end = add_months(start, 1)
    else:
        end = datetime(year + 1, 1, 1, tzinfo=UTC)
    return start.timestamp(), end.timestamp()


def moment(seconds: float) -> datetime:
    """A time of the database, to the second. What no date can say, as an older version took it in, is the nearest that
    one can."""
    return datetime.fromtimestamp(int(min(max(seconds, FIRST), _LAST) // 1), UTC)


def add_months(moment: datetime, months: int) -> datetime:
    """The first of the month so many months later."""
    number = moment.year * 12 + moment.month - 1 + months
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
