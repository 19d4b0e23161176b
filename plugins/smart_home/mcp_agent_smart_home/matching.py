"""Finding things by what people call them: other words, other languages, typing mistakes, parts of words."""

from __future__ import annotations

import hashlib
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping

from mcp_agent_smart_home.home import Area, Entity
from mcp_agent_smart_home.words import CONCEPTS, EMPTY

_NAME, _AREA, _ID, _KIND = 1.0, 0.9, 0.7, 0.8
"""How much a word counts by where it stands."""
_SIMILAR = 74.0
"""The least likeness, of 100, at which one word may be another with a typing mistake."""
_PART = 3
"""A shorter word is no part of another."""
_JOINTS = 0.2
"""The share of a compound that may be neither of its parts."""
_PARTLY = 0.85
_MOST_WORDS = 12
_MOST_ALIKE = 50
_ENOUGH = 0.55
_LONGEST_KEY, _DIGEST = 100, 8
_FEWEST = 0.6
"""A match has this share of the best one's score at least."""


def fold(text: str) -> str:
    """Lower case, without accents, words apart by one blank."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain if _counts(letter)).split())


def key_of(name: str) -> str:
    """An id for a name, the same for the same one; empty for one without a letter or digit.

    Ids are ASCII. A name that is not ends in a digest of itself, so that two names never share an id.
    """
    folded = fold(name)
    plain = "".join(letter for letter in folded if letter.isascii())
    if plain == folded:
        return plain.replace(" ", "_")[:_LONGEST_KEY].strip("_")
    digest = hashlib.sha256(folded.encode()).hexdigest()[:_DIGEST]
    return "_".join([*plain.split(), digest])[-_LONGEST_KEY:].strip("_")


def _counts(letter: str) -> bool:
    return unicodedata.category(letter) != "Mn"


def _concept_words() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for concept, words in CONCEPTS.items():
        for word in {*fold(words).split(), *fold(concept).split()}:
            found[word].append(f"#{concept}")
    return {word: tuple(concepts) for word, concepts in found.items()}


class Index:
    """The words of a home, and which things have them."""

    def __init__(self, entities: Mapping[str, Entity], areas: Mapping[str, Area]) -> None:
        self._concepts = _concept_words()
        self._things: dict[str, dict[str, float]] = defaultdict(dict)
        self._names: dict[str, set[str]] = defaultdict(set)
        for entity in entities.values():
            self._add(entity, areas.get(entity.area_id or ""))
        self._known = {*(word for word in self._things if word[0] != "#"), *self._concepts}
        self._words = sorted(self._known)

    def _add(self, entity: Entity, area: Area | None) -> None:
        names = [fold(name) for name in (entity.name, *entity.aliases)]
        for name in names:
            self._names[name].add(entity.entity_id)
            self._note(name, entity, _NAME)
        if area is not None:
            for name in (area.name, area.floor or "", *area.aliases):
                self._note(fold(name), entity, _AREA)
        self._note(fold(entity.entity_id.partition(".")[2]), entity, _ID)
        self._note(fold(" ".join(entity.labels)), entity, _ID)
        for kind in (entity.domain, entity.device_class):
            if kind:
                self._hold(f"#{kind}", entity, _KIND)
                self._note(fold(kind), entity, _ID)

    def _note(self, words: str, entity: Entity, weight: float) -> None:
        for word in words.split():
            self._hold(word, entity, weight)
            for concept in self._concepts.get(word, ()):
                self._hold(concept, entity, weight * _KIND)

    def _hold(self, word: str, entity: Entity, weight: float) -> None:
        held = self._things[word]
        held[entity.entity_id] = max(held.get(entity.entity_id, 0.0), weight)

    def search(self, query: str, among: Iterable[str] | None = None) -> list[tuple[str, float]]:
        """Ids and scores from 0 to 1, best first. ``among`` limits what may be found."""
        folded = fold(query)
        said = [word for word in folded.split() if word not in EMPTY] or folded.split()
        words = [part for word in said[:_MOST_WORDS] for part in self._parts(word)]
        allowed = None if among is None else set(among)
        totals: dict[str, float] = defaultdict(float)
        for word in words:
            best: dict[str, float] = {}
            for known, likeness in self._alike(word):
                for entity_id, weight in self._things.get(known, {}).items():
                    best[entity_id] = max(best.get(entity_id, 0.0), likeness * weight)
            for entity_id, score in best.items():
                totals[entity_id] += score / len(words)
        for entity_id in self._names.get(folded, ()):  # it was called by its very name
            totals[entity_id] += 0.5
        found = [(one, score) for one, score in totals.items() if allowed is None or one in allowed]
        found.sort(key=lambda one: (-one[1], one[0]))
        least = max(_ENOUGH, found[0][1] * _FEWEST) if found else 0.0
        return [(entity_id, round(min(score, 1.0), 2)) for entity_id, score in found if score >= least]

    def _beginning_with(self, word: str) -> list[str]:
        first = bisect_left(self._words, word)
        last = bisect_left(self._words, word + "\U0010ffff", lo=first)
        return self._words[first:last][:_MOST_ALIKE]

    def _ending(self, word: str) -> list[str]:
        """Known words at the end of one that is not known itself: in many languages that is what a thing is."""
        if word in self._known:
            return []
        return [word[begin:] for begin in range(1, len(word) - _PART + 1) if word[begin:] in self._known]

    def _parts(self, word: str) -> list[str]:
        """A compound as its parts, where known words make up nearly all of it: kuchenlicht is kuche and licht."""
        if word in self._known or len(word) < 2 * _PART:
            return [word]
        found, rest = list[str](), word
        for size in range(len(word) - 1, _PART - 1, -1):  # the longest first
            for begin in range(len(word) - size + 1):
                known = word[begin : begin + size]
                if known in self._known and known in rest:
                    found.append(known)
                    rest = rest.replace(known, " ", 1)
        left = len(rest.replace(" ", ""))
        return found if len(found) > 1 and left <= len(word) * _JOINTS else [word]

    def _alike(self, word: str) -> Iterable[tuple[str, float]]:
        """Words of the home, and concepts, that may be meant; with how sure that is."""
        from rapidfuzz import fuzz, process

        alike: dict[str, float] = {word: 1.0}
        for known, score, _ in process.extract(word, self._words, scorer=fuzz.ratio, score_cutoff=_SIMILAR, limit=8):
            alike[known] = max(alike.get(known, 0.0), score / 100)
        if len(word) >= _PART:
            for known in [*self._beginning_with(word), *self._ending(word)]:
                alike[known] = max(alike.get(known, 0.0), _PARTLY)
        for known, likeness in list(alike.items()):
            for concept in self._concepts.get(known, ()):
                alike[concept] = max(alike.get(concept, 0.0), likeness)
        return alike.items()


class Indexes:
    """The index of a home as it is called now: made again when a name or a place is different."""

    def __init__(self) -> None:
        self._key = 0
        self._index: Index | None = None

    def of(self, entities: Mapping[str, Entity], areas: Mapping[str, Area]) -> Index:
        called = tuple((one.entity_id, one.name, one.area_id, one.aliases, one.labels) for one in entities.values())
        key = hash((called, tuple(areas.values())))
        if self._index is None or key != self._key:
            self._key, self._index = key, Index(entities, areas)
        return self._index
