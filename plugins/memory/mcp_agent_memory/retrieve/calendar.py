"""Dates in words: each rule knows one way to say one, and what time that is, seen from now."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from mcp_agent_memory.moments import add_months, whole


class Span(Struct, frozen=True):
    """From ``start`` to before ``end``, in seconds since 1970, as ``phrase`` said."""

    start: float
    end: float
    phrase: str


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
_MONTH += r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_SEASONS = {"winter": 12, "spring": 3, "summer": 6, "autumn": 9, "fall": 9}
_SEASON = r"(?P<season>winter|spring|summer|autumn|fall)"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "a couple of": 2, "three": 3, "a few": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_NUMBER = r"(?P<number>\d{1,3}|a couple of|a few|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"

Period = tuple[float, float] | None
Rule = Callable[[re.Match[str], datetime], Period]


def _date(found: re.Match[str], now: datetime) -> Period:
    return whole(int(found["year"]), int(found["number"]), int(found["day"]))


def _year_and_month(found: re.Match[str], now: datetime) -> Period:
    return whole(int(found["year"]), int(found["number"]))


def _day_of_month(found: re.Match[str], now: datetime) -> Period:
    month, day = _month(found), int(found["day"])
    year = found["year"]
    if year is None:
        year = now.year if (month, day) <= (now.month, now.day) else now.year - 1
        while (month, day) == (2, 29) and not isleap(year):
            year -= 1
    return whole(int(year), month, day)


def _month_of_year(found: re.Match[str], now: datetime) -> Period:
    return whole(int(found["year"]), _month(found))


def _past_month(found: re.Match[str], now: datetime) -> Period:
    """The latest one that has begun; "last March" in March is that of the year before."""
    month = _month(found)
    last = (found["which"] or "").strip().lower() == "last"
    return whole(now.year if month < now.month or (month == now.month and not last) else now.year - 1, month)


def _season_of_year(found: re.Match[str], now: datetime) -> Period:
    start = datetime(int(found["year"]), _SEASONS[found["season"].lower()], 1, tzinfo=UTC)
    if start.month == 12:  # the winter of a year is the one that ends in it
        start = add_months(start, -12)
    return start.timestamp(), add_months(start, 3).timestamp()


def _past_season(found: re.Match[str], now: datetime) -> Period:
    """The latest one that is over; "this" one may still go on."""
    start = datetime(now.year + 1, _SEASONS[found["season"].lower()], 1, tzinfo=UTC)
    this = found["which"].lower() == "this"
    while (start if this else add_months(start, 3)) > now:
        start = add_months(start, -12)
    return start.timestamp(), add_months(start, 3).timestamp()


def _year(found: re.Match[str], now: datetime) -> Period:
    return whole(int(found["year"]))


def _ago(found: re.Match[str], now: datetime) -> Period:
    """As exact as it was said: two weeks ago is a week, two months ago a month."""
    number = _number(found["number"])
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    match found["unit"].lower():
        case "day":
            return _days(today - timedelta(days=number), 1)
        case "week":
            return _days(today - timedelta(days=7 * number + 4), 9)
        case "month":
            start = add_months(now, -number)
            return start.timestamp(), add_months(start, 1).timestamp()
    start = add_months(now, -12 * number)
    return add_months(start, -3).timestamp(), add_months(start, 4).timestamp()


def _which(found: re.Match[str], now: datetime) -> Period:
    """Last, this or next week, month or year."""
    back = {"last": 1, "this": 0, "next": -1}[found["which"].lower()]
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    match found["unit"].lower():
        case "week":
            return _days(today - timedelta(days=today.weekday() + 7 * back), 7)
        case "weekend":
            return _days(today + timedelta(days=5 - today.weekday() - 7 * back), 2)
        case "month":
            return add_months(now, -back).timestamp(), add_months(now, 1 - back).timestamp()
    return whole(now.year - back)


def _weekday(found: re.Match[str], now: datetime) -> Period:
    """The latest one before today."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    back = (today.weekday() - _DAYS.index(found["weekday"].lower())) % 7 or 7
    return _days(today - timedelta(days=back), 1)


def _next_weekday(found: re.Match[str], now: datetime) -> Period:
    """The first one after today."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    ahead = (_DAYS.index(found["weekday"].lower()) - today.weekday()) % 7 or 7
    return _days(today + timedelta(days=ahead), 1)


def _half_a_year_ago(found: re.Match[str], now: datetime) -> Period:
    return add_months(now, -7).timestamp(), add_months(now, -4).timestamp()


def _past(found: re.Match[str], now: datetime) -> Period:
    """The last so many days, weeks, months or years, up to now."""
    days = {"day": 1, "week": 7, "month": 31, "year": 366}[found["unit"].lower()] * _number(found["number"])
    return (now - timedelta(days=days)).timestamp(), now.timestamp() + 1


def _near(days_back: int, days: int) -> Rule:
    def rule(found: re.Match[str], now: datetime) -> Period:
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return _days(today - timedelta(days=days_back), days)

    return rule


RULES: tuple[tuple[re.Pattern[str], Rule], ...] = tuple(
    (re.compile(rf"\b{pattern}\b", re.IGNORECASE), rule)
    for pattern, rule in (
        (rf"(?:on )?{_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)", _date),
        (rf"(?:in |during )?{_YEAR}-(?P<number>\d\d)(?![\d-])", _year_and_month),
        (rf"(?:on )?(?:the )?{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?", _day_of_month),
        (rf"(?:on )?{_MONTH} {_DAY}(?:,? {_YEAR})?", _day_of_month),
        (rf"(?:in |during )?{_MONTH},?(?: of)? {_YEAR}", _month_of_year),
        (rf"(?:in |during )?(?:the )?{_SEASON}(?: of)? {_YEAR}", _season_of_year),
        (rf"(?:in |during )?(?P<which>this|last|the past|past|the) {_SEASON}", _past_season),
        (rf"(?:in |during |of )?(?P<which>last |this )?{_MONTH}", _past_month),
        (r"(?:about |around )?half a year (?:ago|back|earlier)", _half_a_year_ago),
        (rf"(?:about |around )?{_NUMBER} (?P<unit>day|week|month|year)s? (?:ago|back|earlier)", _ago),
        (rf"(?:in |over |during |within )?(?:the )?(?:last|past) {_NUMBER} (?P<unit>day|week|month|year)s?", _past),
        (r"(?:in )?(?P<which>last|this|next) (?P<unit>weekend|week|month|year)", _which),
        (r"the day before yesterday", _near(2, 1)),
        (r"the day after tomorrow", _near(-2, 1)),
        (r"tomorrow(?: morning| evening| night)?", _near(-1, 1)),
        (r"yesterday(?: morning| evening)?|last night", _near(1, 1)),
        (r"today|this morning|tonight|this afternoon|this evening", _near(0, 1)),
        (r"recently|lately|the other day", _near(30, 31)),
        (rf"next (?P<weekday>{'|'.join(_DAYS)})", _next_weekday),
        (rf"(?:last |on )(?P<weekday>{'|'.join(_DAYS)})", _weekday),
        (rf"(?:in |during |since ){_YEAR}", _year),
    )
)
_PERHAPS_A_NAME = re.compile(r"(?P<link>in |during |of )?(?:jan|april|may|june|august)|march", re.IGNORECASE)
"""Months that are names of people, too, or verbs."""
_BEFORE_A_MONTH = re.compile(
    r"\b(?:before|after|between|and|to|since|until|till|by|from|through|early|late|mid"
    r"|(?:start|beginning|middle|half|end|month|week|weekend|day|days) of)\W*$",
    re.IGNORECASE,
)


def made(rule: Rule, found: re.Match[str], now: datetime) -> Span | None:
    if _is_somebody(found):
        return None
    try:
        period = rule(found, now)
    except (ValueError, OverflowError):  # the 31st of February
        return None
    return None if period is None else Span(*period, found.group().strip())


def _is_somebody(found: re.Match[str]) -> bool:
    """Whether a month without a day and a year is rather a name: "Where does Jan live?", "April's address"."""
    perhaps = _PERHAPS_A_NAME.fullmatch(found.group())
    if perhaps is None:
        return False
    before, after = found.string[: found.start()], found.string[found.end() : found.end() + 2]
    if after in ("'s", "’s"):
        return True
    link = (perhaps["link"] or "").strip().lower()
    return link not in ("in", "during") and not _BEFORE_A_MONTH.search(f"{before}{link}")


def _month(found: re.Match[str]) -> int:
    return _MONTHS.index(found["month"].lower()[:3]) + 1


def _number(text: str) -> int:
    return _NUMBERS[text.lower()] if text.lower() in _NUMBERS else int(text)


def _days(start: datetime, count: int) -> tuple[float, float]:
    return start.timestamp(), (start + timedelta(days=count)).timestamp()
