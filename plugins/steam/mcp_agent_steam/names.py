"""Finding a game or a person by what somebody calls them: typos, parts of a name and initials."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

from mcp_agent import ToolError

T = TypeVar("T")

_WORD = re.compile(r"\d+|[^\W\d_]+")
_GOOD, _CLEAR = 70.0, 8.0
"""From this likeness on a name may be meant; so much ahead of the next, it is."""


def rank(query: str, named: Iterable[tuple[str, T]], limit: int) -> list[tuple[float, T]]:
    """The best with their likeness, 100 for the same name. Those that are not alike are left out."""
    from rapidfuzz import fuzz, process, utils

    candidates = list(named)
    wanted = utils.default_process(query)
    if not wanted:
        return []
    found = process.extract(
        wanted, [name for name, _ in candidates], scorer=fuzz.WRatio, processor=utils.default_process, limit=limit + 20,
        score_cutoff=60,
    )  # fmt: skip
    scores = {index: min(score, 99.0) for _, score, index in found}
    for index, (name, _) in enumerate(candidates):
        if utils.default_process(name) == wanted:
            scores[index] = 100.0
        elif len(wanted) > 1 and wanted.replace(" ", "") == initials(name):
            scores[index] = 98.0
    best = sorted(scores.items(), key=lambda item: (-item[1], len(candidates[item[0]][0]), candidates[item[0]][0]))
    return [(round(score, 1), candidates[index][1]) for index, score in best[:limit]]


def the_one(query: str, named: Iterable[tuple[str, T]], what: str, hint: str) -> T:
    """The only one that can be meant. Raises ToolError that names those it may be."""
    found = rank(query, [(name, (name, value)) for name, value in named], 5)
    if not found or found[0][0] < _GOOD:
        raise ToolError(f"There is no {what} {query!r}.", hint=hint)
    best = found[0][0]
    alike = [name for score, (name, _) in found if best - score < (_CLEAR if best < 100 else 0.1)]
    if len(alike) > 1:
        raise ToolError(
            f"{query!r} may be more than one {what}: {', '.join(alike)}.", hint="Say it in full, or by its number."
        )
    return found[0][1][1]


def initials(name: str) -> str:
    """``tf2`` for Team Fortress 2. Numbers stay whole."""
    return "".join(word if word.isdigit() else word[0] for word in _WORD.findall(name.lower()))


def series(name: str) -> str:
    """What the games of a series have in common: the name up to its number or subtitle."""
    start = re.split(r"[:–—]| - | [IVX]+\b| ?\d", name, maxsplit=1)[0].strip().casefold()
    return start if len(start) >= 4 else ""
