"""What makes one fact fit a question better than another: a sum of parts, each of which can be told."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from msgspec import Struct

FITS: Mapping[str, float] = {
    "words": 0.6,
    "meaning": 0.6,
    "beside": 0.7,
    "linked": 1.3,
    "event": 1.0,
    "apt": 0.3,
    "about": 0.05,
}
"""What makes a fact fit at all."""
COUNTS: Mapping[str, float] = {"names": 3.5, "time": 4.0, "recent": 0.2, "used": 0.1, "superseded": -0.7}
"""What makes a fact that fits count for more, or less: one after the other, so many times what it has by then."""
# Each part lies between 0 and 1. The weights were chosen on one set of dialogues, and measured on another.

REASONS: Mapping[str, str] = {
    "words": "it has words of the question",
    "meaning": "it means something like it",
    "beside": "it was said beside something that fits",
    "linked": "it is about somebody whom a fitting fact names",
    "event": "it tells when that was",
    "about": "it is about whom the question names",
    "apt": "it has both the name and the time",
    "names": "it has the names in it",
    "time": "it is from that time",
    "recent": "it is recent",
    "used": "it was asked for before",
    "superseded": "something newer took its place",
}

_RECENT_DAYS = 180.0
_DAY = 86400.0
_MUCH_USED = math.log1p(50)


class Candidate:
    """A fact that may be meant. ``parts`` are named as in WEIGHTS."""

    __slots__ = ("conversation", "fact_id", "parts", "since", "superseded", "text")

    def __init__(self, fact_id: int, text: str, since: float, conversation: str | None, superseded: bool) -> None:
        self.fact_id = fact_id
        self.text = text
        self.since = since
        self.conversation = conversation
        self.superseded = superseded
        self.parts: dict[str, float] = {}

    @property
    def said(self) -> float:
        """How well its own text fits."""
        return FITS["words"] * self.parts.get("words", 0.0) + FITS["meaning"] * self.parts.get("meaning", 0.0)

    @property
    def base(self) -> float:
        """The same with the names, before anything around it is looked at."""
        return self.said * (1.0 + COUNTS["names"] * self.parts.get("names", 0.0))

    @property
    def score(self) -> float:
        """The sum of the shares."""
        fits, times = 0.0, 1.0
        for part, value in self.parts.items():
            if part in FITS:
                fits += FITS[part] * value
            else:
                times *= 1.0 + COUNTS[part] * value
        return fits * times

    def shares(self) -> dict[str, float]:
        """What each part adds to the score."""
        fits = {part: weight * self.parts[part] for part, weight in FITS.items() if self.parts.get(part)}
        whole = sum(fits.values())
        for part, weight in COUNTS.items():
            if self.parts.get(part):
                fits[part] = whole * weight * self.parts[part]
                whole += fits[part]
        return fits


class Ranked(Struct, frozen=True):
    """One fact of the answer, and what it got how much for."""

    fact_id: int
    score: float
    candidate: Candidate

    @property
    def parts(self) -> dict[str, float]:
        """These add up to the score."""
        return self.candidate.shares()


def recency(since: float, now: float) -> float:
    """1 for now, less than half after four months."""
    return math.exp(-max(0.0, now - since) / (_RECENT_DAYS * _DAY))


def use(count: int) -> float:
    """1 for fifty times and more."""
    return min(1.0, math.log1p(count) / _MUCH_USED)


def in_order(candidates: Iterable[Candidate], least: float) -> list[Ranked]:
    """Those that reach the least score, best first, and of equals the newest."""
    ranked = [Ranked(one.fact_id, score, one) for one in candidates if (score := one.score) >= least]
    return sorted(ranked, key=lambda one: (-one.score, -one.fact_id))
