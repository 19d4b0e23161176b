"""The time in a question, in words: "last spring", "in March 2025", "two weeks ago", "before we moved"."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct

from mcp_agent_memory.moments import FIRST
from mcp_agent_memory.retrieve.calendar import RULES, Span, made

Direction = Literal["before", "after", "at"]


class Event(Struct, frozen=True):
    """Something that happened, told by a part of the question; when that was has to be remembered."""

    direction: Direction
    clause: str


class Times(Struct, frozen=True):
    """What a question says of time. ``rest`` is the question without it. ``history``: it asks for what once was."""

    spans: tuple[Span, ...]
    events: tuple[Event, ...]
    rest: str
    history: bool


_HISTORY = re.compile(
    r"\b(used to|originally|at first|formerly|previous(?:ly)?|in the past|back then|former|initially)\b",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\b(?:(?:just|right|shortly|soon|long) )*(?P<how>before|after|since|when|while|until)\b (?P<clause>[^,.;?!]+?)"
    r"(?=[,.;?!]|$|(?: (?:just|right|shortly|soon|long))? (?:before|after|since|when|while|until)\b)",
    re.IGNORECASE,
)
_DIRECTIONS: dict[str, Direction] = {
    "before": "before", "until": "before", "after": "after", "since": "after", "when": "at", "while": "at",
}  # fmt: skip


def understand(question: str, now: float) -> Times:
    """What a question says of time, seen from ``now``. What cannot be a date is no time at all."""
    today = datetime.fromtimestamp(now, UTC)
    spans: list[Span] = []
    rest = question
    for pattern, rule in RULES:
        for found in pattern.finditer(rest):
            span = made(rule, found, today)
            if span is not None:
                spans.append(span)
                rest = rest.replace(found.group(), " ", 1)
    spans = [_until(span, question, today) for span in spans]
    events = []
    for found in _EVENT.finditer(rest):
        direction = _DIRECTIONS[found["how"].lower()]
        if found.start() and len(found["clause"].split()) > 1 and not (direction == "at" and spans):
            events.append(Event(direction, found["clause"].strip()))
            rest = rest if direction == "at" else rest.replace(found.group(), " ", 1)
    if any(event.direction != "at" for event in events):
        events = [event for event in events if event.direction != "at"]
    return Times(tuple(spans), tuple(events), " ".join(rest.split()), bool(_HISTORY.search(question)))


def _until(span: Span, question: str, now: datetime) -> Span:
    """Before, after and since turn a time into what lies on one side of it."""
    before = question[: question.find(span.phrase)].rstrip().lower()
    if before.endswith(("before", "until", "by")):
        return Span(FIRST, span.start, f"before {span.phrase}")
    if before.endswith(("after", "since")) or span.phrase.lower().startswith("since"):
        start = span.end if before.endswith("after") else span.start
        return Span(start, now.timestamp() + 1, f"after {span.phrase}")
    return span
