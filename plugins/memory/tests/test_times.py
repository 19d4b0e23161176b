"""The time in a question."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp_agent_memory.moments import moment, period_of
from mcp_agent_memory.retrieve.times import understand

from mcp_agent import ToolError

NOW = datetime(2026, 3, 18, 15, tzinfo=UTC)  # a Wednesday


def days(start: float, end: float) -> str:
    return " ".join(str(datetime.fromtimestamp(one, UTC).date()) for one in (start, end))


@pytest.mark.parametrize(
    ("question", "span"),
    [
        ("what did I say yesterday?", "2026-03-17 2026-03-18"),
        ("who called the day before yesterday", "2026-03-16 2026-03-17"),
        ("what is new today", "2026-03-18 2026-03-19"),
        ("what happened last week", "2026-03-09 2026-03-16"),
        ("what did we do last weekend", "2026-03-14 2026-03-16"),
        ("what did we plan this month", "2026-03-01 2026-04-01"),
        ("where did I go last month", "2026-02-01 2026-03-01"),
        ("where did I go last year", "2025-01-01 2026-01-01"),
        ("what did Anna cook last spring", "2025-03-01 2025-06-01"),
        ("what did Anna cook in the summer of 2024", "2024-06-01 2024-09-01"),
        ("what did Anna cook last winter", "2025-12-01 2026-03-01"),
        ("the winter of 2025", "2024-12-01 2025-03-01"),
        ("who came in March 2025?", "2025-03-01 2025-04-01"),
        ("who came last March?", "2025-03-01 2025-04-01"),
        ("who came in February?", "2026-02-01 2026-03-01"),
        ("who came in November?", "2025-11-01 2025-12-01"),
        ("who came on 3 May 2025", "2025-05-03 2025-05-04"),
        ("who came on May 3rd", "2025-05-03 2025-05-04"),
        ("who comes tomorrow evening?", "2026-03-19 2026-03-20"),
        ("who comes the day after tomorrow?", "2026-03-20 2026-03-21"),
        ("who comes next week?", "2026-03-23 2026-03-30"),
        ("who comes this weekend?", "2026-03-21 2026-03-23"),
        ("who comes next weekend?", "2026-03-28 2026-03-30"),
        ("who comes next month?", "2026-04-01 2026-05-01"),
        ("who comes next year?", "2027-01-01 2028-01-01"),
        ("who comes next Wednesday?", "2026-03-25 2026-03-26"),
        ("who came in 2025-03?", "2025-03-01 2025-04-01"),
        ("who came half a year ago?", "2025-08-01 2025-11-01"),
        ("who came on 29 February", "2024-02-29 2024-03-01"),
        ("who came in April?", "2025-04-01 2025-05-01"),
        ("who came before April?", "0001-01-01 2025-04-01"),
        ("who came at the end of June?", "2025-06-01 2025-07-01"),
        ("who came in the first week of March?", "2026-03-01 2026-04-01"),
        ("who came in the first week of June?", "2025-06-01 2025-07-01"),
        ("who came last August?", "2025-08-01 2025-09-01"),
        ("what did Jan do in January?", "2026-01-01 2026-02-01"),
        ("who came on the 1st of March", "2026-03-01 2026-03-02"),
        ("who came on 2025-12-24", "2025-12-24 2025-12-25"),
        ("who came last Monday", "2026-03-16 2026-03-17"),
        ("who came three days ago", "2026-03-15 2026-03-16"),
        ("who came two weeks ago", "2026-02-28 2026-03-09"),
        ("who came 6 months ago", "2025-09-01 2025-10-01"),
        ("who came in the last 10 days", "2026-03-08 2026-03-18"),
        ("who came in 2024", "2024-01-01 2025-01-01"),
        ("who came before March 2025", "0001-01-01 2025-03-01"),
        ("who came after 2024-06-30", "2024-07-01 2026-03-18"),
        ("who came since last summer", "2025-06-01 2026-03-18"),
    ],
)
def test_a_time_in_words(question: str, span: str) -> None:
    [found] = understand(question, NOW.timestamp()).spans
    assert days(found.start, found.end) == span


@pytest.mark.parametrize(
    "question",
    [
        "who may come in?",
        "what may be wrong",
        "the 31st of it",
        "room 2024",
        "a spring in the mattress",
        "mayday",
        "where does Jan live?",
        "who will march with us",
        "the march of the penguins",
        "what does April like?",
        "the address of June",
        "what hangs in Jan's kitchen?",
        "with whom is August married",
    ],
)
def test_what_is_no_time(question: str) -> None:
    assert understand(question, NOW.timestamp()).spans == ()


@pytest.mark.parametrize(
    ("question", "direction", "clause"),
    [
        ("What did Anna cook before we moved?", "before", "we moved"),
        ("Who lived there right after the big storm, and why?", "after", "the big storm"),
        ("What did I read when I was ill?", "at", "I was ill"),
        ("What did I read when I was ill before the wedding day?", "before", "the wedding day"),
    ],
)
def test_an_event_stands_for_its_time(question: str, direction: str, clause: str) -> None:
    [event] = understand(question, NOW.timestamp()).events
    assert (event.direction, event.clause) == (direction, clause)


@given(st.text(max_size=80), st.floats(-1e9, 1e11))
def test_no_text_is_too_strange(text: str, now: float) -> None:
    understand(text, max(0.0, min(now, 4e10)))


@given(st.dates(min_value=datetime(1971, 1, 1).date(), max_value=datetime(9999, 12, 30).date()))
def test_a_date_is_its_day(day: object) -> None:
    start, end = period_of(str(day))
    assert (end - start, days(start, start)[:10]) == (86400.0, str(day))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2025-13",
        "2025-02-30",
        "12.3.2025",
        "99999",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:00:00-12:00",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ToolError, match="is no date"):
        period_of(text)


@pytest.mark.parametrize("text", ["9999", "9999-12", "9999-12-31"])
def test_for_ever_ends_on_the_last_day_there_is(text: str) -> None:
    assert moment(period_of(text)[1]).isoformat() == "9999-12-31T23:59:59+00:00"


@pytest.mark.parametrize("seconds", [-1e15, 1e15])
def test_a_time_that_no_date_can_say_is_still_shown(seconds: float) -> None:
    assert moment(seconds).year in (1, 9999)
