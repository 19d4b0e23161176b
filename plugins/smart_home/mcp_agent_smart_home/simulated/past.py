"""The past of the simulated sensors, read from their functions of the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from mcp_agent_smart_home.home import Bucket, Moment, Period
from mcp_agent_smart_home.simulated import senses
from mcp_agent_smart_home.simulated.senses import SENSES

_DAY = 86400.0
_MOST_READINGS = 5000


def readings(entity_id: str, start: float, end: float) -> list[Moment]:
    """Changes only, as a recorder keeps them; the latest where there are too many."""
    read, found = SENSES[entity_id].read, list[Moment]()
    first = max(senses.reading_at(start), senses.reading_at(end) - _MOST_READINGS * senses.STEP)
    for number in range(int((end - first) / senses.STEP) + 1):
        at = first + number * senses.STEP
        state = read(at)
        if not found or found[-1].state != state:
            found.append(Moment(max(at, start), state))
    return found


def buckets(entity_id: str, start: float, end: float, period: Period) -> list[Bucket]:
    """Statistics of whole periods, in UTC."""
    sense, found = SENSES[entity_id], list[Bucket]()
    at = _period_of(start, period)
    while at < end:
        after = _after(at, period)
        first, last = max(at, start), min(after, end)
        times = [first + number * senses.STEP for number in range(max(1, int((last - first) / senses.STEP)))]
        values = [float(sense.read(senses.reading_at(one))) for one in times]
        if sense.attributes["state_class"] == "measurement":
            found.append(Bucket(at, sum(values) / len(values), min(values), max(values)))
        else:
            grown = float(sense.read(senses.reading_at(last))) - values[0]
            found.append(Bucket(at, change=round(grown, 3)))
        at = after
    return found


def _period_of(at: float, period: Period) -> float:
    day = datetime.fromtimestamp(at, UTC).replace(minute=0, second=0, microsecond=0)
    if period != "hour":
        day = day.replace(hour=0)
    if period == "week":
        day -= timedelta(days=day.weekday())
    if period == "month":
        day = day.replace(day=1)
    return day.timestamp()


def _after(at: float, period: Period) -> float:
    if period == "month":
        return (datetime.fromtimestamp(at, UTC) + timedelta(days=32)).replace(day=1).timestamp()
    return at + {"hour": 3600, "day": _DAY, "week": 7 * _DAY}[period]
