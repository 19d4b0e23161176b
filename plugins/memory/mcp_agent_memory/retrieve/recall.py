"""From a question to facts, best first. The same question to the same facts gives the same answer."""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Sequence

from msgspec import Struct

from mcp_agent_memory.retrieve import candidates, words
from mcp_agent_memory.retrieve.calendar import Span
from mcp_agent_memory.retrieve.candidates import Pool
from mcp_agent_memory.retrieve.rank import Candidate, Ranked, in_order, recency, use
from mcp_agent_memory.retrieve.times import Event, Times, understand
from mcp_agent_memory.retrieve.vectors import Meaning

_TAKEN = 100
"""Facts from each source."""
_NAMED = 1_000
"""Facts that have a name of the question, of which those nearest to it are taken."""
_FROM_TIME = 300
_HEADS = 60
"""The best by themselves, whose neighbours are looked at."""
_LINKS = 12
"""The best by themselves, whose names lead on to other facts."""
_NAMES = 8
"""So many of those names at most, each leading to so many facts."""
_LINKED = 20
_LINK = 0.35
"""What a link is worth by itself; the rest depends on how well the text fits."""
_FEWEST_COMMON = 200
"""A name in more facts than this leads nowhere in particular."""
_REACH = 1
_EVENT_DAYS = 60.0
_DAY = 86400.0
_LEAST_WORDS = 0.2
"""What a word is worth that most facts have: BM25 gives nothing for it, and in a small home most words are so."""
_LEAST = 0.12
"""What has less than this does not fit."""


class Question(Struct, frozen=True):
    """What is asked, and when. ``start`` and ``end`` bound the time of the facts, where the caller said so; ``past``:
    what was superseded is as good as what was not."""

    text: str
    now: float
    start: float = -math.inf
    end: float = math.inf
    past: bool = False


class Search:
    """One question on its way. ``sought`` and ``names`` are its words; ``likeness`` compares meanings, None without a
    model."""

    def __init__(self, connection: sqlite3.Connection, meaning: Meaning, question: Question) -> None:
        self.connection = connection
        self.meaning = meaning
        self.question = question
        self.times: Times = understand(question.text, question.now)
        text = self.times.rest if words.words_of(self.times.rest) else question.text
        self.names = words.names_in(" ".join([text, *(event.clause for event in self.times.events)]))
        self.any_name = re.compile(rf"\b(?:{'|'.join(map(re.escape, self.names))})\b")
        sought = words.sought(text)
        self.sought = [word for word in sought if word not in self.names] or sought
        self.likeness = meaning.ask(words.without(text, self.names))
        self.pool = Pool(connection)
        self.terms = words.terms_of(connection, self.sought)
        self.dated: list[int] = []
        """Facts that tell when something in the question happened."""
        self.fits: dict[int, float] = {}
        """BM25 by number of fact."""

    def run(self) -> list[Ranked]:
        spans = self._spans()
        self._collect(spans)
        found = list(self.pool.candidates.values())
        by_text = sorted(found, key=lambda one: (-one.said, -one.fact_id))[:_HEADS]
        by_name = sorted(found, key=lambda one: (-one.base, -one.fact_id))[:_HEADS]
        self._beside(list(dict.fromkeys([*by_text, *by_name])))
        self._links(by_name[:_LINKS])
        self._around(spans)
        return in_order((one for one in self.pool.candidates.values() if self._is_asked_for(one)), _LEAST)

    # --- where candidates come from --------------------------------------------------------------

    def _collect(self, spans: Sequence[Span]) -> None:
        self.fits = dict(candidates.by_words(self.connection, self.terms.expression, _TAKEN))
        if self.names and self.terms.expression is not None:
            both = f"({words.any_of(self.names)}) AND ({self.terms.expression})"
            self.fits.update(candidates.by_words(self.connection, both, _TAKEN))
        ids = []
        for span in spans:
            some = candidates.by_words(self.connection, self.terms.expression, _TAKEN, span.start, span.end)
            self.fits.update(some)
            ids += candidates.of_time(self.connection, span.start, span.end, _FROM_TIME)
        ids += self.dated
        if self.likeness is not None:
            ids += [number for number, _ in self.likeness.nearest(_TAKEN)]
        if self.names:
            named = candidates.newest(self.connection, words.any_of(self.names), _NAMED)
            near = self._near(named)
            ids += sorted(named, key=lambda number: (-near[number], -number))[:_TAKEN]
        self._measured([*self.fits, *ids])

    def _measured(self, ids: Sequence[int]) -> list[Candidate]:
        """Candidates, with all that can be said of their text."""
        found = self.pool.add(dict.fromkeys(ids))
        new = [one for one in found if not one.parts]
        near = self._near([one.fact_id for one in new])
        for one in new:
            if one.fact_id in self.fits:
                one.parts["words"] = min(1.0, max(_LEAST_WORDS, self.fits[one.fact_id] / self.terms.weight))
            one.parts["meaning"] = max(0.0, near[one.fact_id])
            if self.names:
                held = set(self.any_name.findall(one.text.lower()))
                one.parts["names"] = one.parts["about"] = len(held) / len(self.names)
        return found

    def _near(self, ids: list[int]) -> dict[int, float]:
        return dict.fromkeys(ids, 0.0) if self.likeness is None else self.likeness.near(ids)

    # --- what speaks for a candidate -------------------------------------------------------------

    def _beside(self, heads: list[Candidate]) -> None:
        """What was said right before or after something that fits may be the answer to it."""
        beside = {head.fact_id: self.pool.beside(head, _REACH) for head in heads}
        self._measured([one.fact_id for some in beside.values() for one in some])
        for head in heads:
            for one in beside[head.fact_id]:
                one.parts["beside"] = max(one.parts.get("beside", 0.0), min(1.0, head.said))
                head.parts["beside"] = max(head.parts.get("beside", 0.0), min(1.0, one.said))

    def _links(self, heads: list[Candidate]) -> None:
        """Two steps: a fact that fits names somebody who is not in the question; what is known of them?"""
        best = heads[0].base if heads else 0.0
        strength: dict[str, float] = {}
        for head in heads:
            for name in words.names_in(head.text, all_of_them=True):
                if name not in self.names and best > 0:
                    strength[name] = max(strength.get(name, 0.0), head.base / best)
        for name, fit in sorted(strength.items(), key=lambda item: -item[1])[:_NAMES]:
            about = candidates.newest(self.connection, words.quoted(name), _FEWEST_COMMON + 1)
            if not 1 < len(about) <= _FEWEST_COMMON:
                continue
            rarity = 1.0 / (1.0 + math.log(len(about)) / 3.0)
            for one in self._measured(about[:_LINKED]):
                linked = fit * rarity * (_LINK + (1 - _LINK) * min(1.0, one.said))
                one.parts["linked"] = max(one.parts.get("linked", 0.0), linked)
                one.parts["names"] = max(one.parts.get("names", 0.0), fit * rarity)  # they stand for who was named

    def _around(self, spans: Sequence[Span]) -> None:
        found = list(self.pool.candidates.values())
        counts = candidates.uses(self.connection, [one.fact_id for one in found])
        for one in found:
            if one.fact_id in self.dated:
                one.parts["event"] = 1.0
            if spans:
                one.parts["time"] = max(_inside(one.since, span) for span in spans)
                one.parts["apt"] = one.parts["time"] * one.parts.get("names", 0.0)
            one.parts["recent"] = recency(one.since, self.question.now)
            if one.fact_id in counts:
                one.parts["used"] = use(counts[one.fact_id])
            if one.superseded and not (self.question.past or self.times.history or spans):
                one.parts["superseded"] = 1.0

    def _is_asked_for(self, one: Candidate) -> bool:
        return self.question.start <= one.since < self.question.end

    # --- time ------------------------------------------------------------------------------------

    def _spans(self) -> list[Span]:
        anchored = (self._when(event) for event in self.times.events)
        return [*self.times.spans, *(span for span in anchored if span is not None)]

    def _when(self, event: Event) -> Span | None:
        """The time beside something that happened, where that is remembered."""
        names = " ".join(name.capitalize() for name in self.names if name not in event.clause.lower())
        inner = Question(f"{names} {event.clause}", self.question.now)
        search = Search(self.connection, self.meaning, inner)
        search.times = Times((), (), inner.text, False)
        found = search.run()
        if not found:
            return None
        since = search.pool.candidates[found[0].fact_id].since
        self.dated.append(found[0].fact_id)
        days = _EVENT_DAYS * _DAY
        match event.direction:
            case "before":
                return Span(since - days, since, f"before {event.clause}")
            case "after":
                return Span(since + 1, since + days, f"after {event.clause}")
        return Span(since - days / 10, since + days / 10, f"at the time of {event.clause}")


def recall(connection: sqlite3.Connection, meaning: Meaning, question: Question) -> list[Ranked]:
    """Every fact that fits, best first. Raises ToolError for a question without a word in it."""
    return Search(connection, meaning, question).run()


def _inside(since: float, span: Span) -> float:
    """1 inside; outside less, the further away the less."""
    if span.start <= since < span.end:
        return 1.0
    away = span.start - since if since < span.start else since - span.end
    return 0.4 * math.exp(-away / (15 * _DAY))
