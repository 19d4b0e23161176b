"""The words of a question, as expressions of the full-text index: nothing that people type can be an operator."""

from __future__ import annotations

import math
import re
import sqlite3
import unicodedata
from collections.abc import Sequence

from msgspec import Struct

from mcp_agent import ToolError

_MOST_WORDS = 32
_SHORTEST_PREFIX = 3
"""Shorter words must match whole: nearly every fact has a word that begins with "a"."""
_COMMON = 1_000
"""A word in more facts than this finds none by itself, only together with another: scoring each would take too long."""
_ENGLISH = (
    "a about after all am an and any are as at be been before but by can could did do does for from get got had has"
    " have he her his how i if in into is it its just last me might my no not of on or our she should so some than that"
    " the their them then there they this to up was we were what when where which who whom whose why will with would"
    " you your s t d ll m re ve"
)
_SMALL = frozenset(_ENGLISH.split())
"""Words that say nothing about what is looked for. Used only where others are left."""
_NAME = re.compile(r"[^\W\d_][\w-]*")


def words_of(text: str) -> list[str]:
    """Each once, in order, in small letters."""
    return list(dict.fromkeys("".join(map(_letter_or_space, text.lower())).split()))[:_MOST_WORDS]


def sought(question: str) -> list[str]:
    """The words of a question that say something. Raises ToolError for a question without a word."""
    words = words_of(question)
    if not words:
        raise ToolError(
            f"There is no word in {question!r} to look for." if question.strip() else "The query is empty.",
            hint="Ask with a word or two of the fact, or use memory_recent to see the newest.",
        )
    return [word for word in words if word not in _SMALL] or words


def names_in(text: str, *, all_of_them: bool = False) -> list[str]:
    """Words that look like names: a capital letter, and not a small word. In small letters, each once.

    The first word of a sentence has one anyway: it counts when it owns something, speaks, or when there is no other;
    or with ``all_of_them``.
    """
    sure: list[str] = []
    perhaps: list[str] = []
    for word in _NAME.finditer(text):
        name = word.group().lower()
        if word.group()[0].isupper() and len(name) > 1 and name not in _SMALL:
            first = not text[: word.start()].strip() or text[: word.start()].rstrip()[-1] in ".!?:"
            owns = text[word.end() : word.end() + 2] in ("'s", "’s", ": ")
            (perhaps if first and not owns else sure).append(name)
    return list(dict.fromkeys([*sure, *perhaps] if all_of_them else sure or perhaps))


class Terms(Struct, frozen=True):
    """``expression`` finds any of the words, the common ones only two at a time; None where the index has none of them.
    ``weight`` is about what BM25 gives to a fact that has each of them once."""

    expression: str | None
    weight: float


def terms_of(connection: sqlite3.Connection, words: Sequence[str]) -> Terms:
    rare, common = [], []
    total = _total(connection)
    weight = 0.0
    for word in words:
        term, number = _term(connection, word)
        weight += math.log((total + 1) / (number + 0.5))
        if number > _COMMON:
            common.append(term)
        elif number:
            rare.append(term)
    pairs = [f"({one} AND {two})" for place, one in enumerate(common) for two in common[place + 1 : place + 3]]
    if not rare and len(common) == 1:
        pairs = common
    return Terms(" OR ".join([*rare, *pairs]) or None, max(weight, 0.1))


def _total(connection: sqlite3.Connection) -> int:
    """About how many facts there are: counting them would take longer than finding some."""
    number: int = connection.execute("select coalesce(max(id), 0) from facts").fetchone()[0]
    return number


def without(text: str, names: Sequence[str]) -> str:
    """A question without its names: who is asked about says nothing of what is asked. All where nothing is left."""
    left = _NAME.sub(lambda word: "" if word.group().lower() in names else word.group(), text)
    return left if words_of(left) else text


def any_of(words: Sequence[str]) -> str:
    return " OR ".join(map(quoted, words))


def quoted(word: str) -> str:
    return f'"{word}"'


def count(connection: sqlite3.Connection, term: str) -> int:
    """In how many facts, counted no further than needed."""
    statement = "select count(*) from (select 1 from facts_index where facts_index match ? limit ?)"
    number: int = connection.execute(statement, (term, _COMMON + 1)).fetchone()[0]
    return number


def _term(connection: sqlite3.Connection, word: str) -> tuple[str, int]:
    """The word as it is, or where it is unknown as the beginning of others, and in how many facts."""
    number = count(connection, quoted(word))
    if number or len(word) < _SHORTEST_PREFIX:
        return quoted(word), number
    return f"{quoted(word)}*", count(connection, f"{quoted(word)}*")


def _letter_or_space(character: str) -> str:
    """Letters, digits and the accents upon them are what the index has words of."""
    return character if character.isalnum() or unicodedata.category(character) == "Mn" else " "
