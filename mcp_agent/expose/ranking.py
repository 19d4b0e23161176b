"""Tools for a request in everyday words, best first: BM25 over what is said of them, and their names.

SQLite's full-text index does the counting: it stems English, and finds the beginning of a word.
"""

from __future__ import annotations

import math
import re
import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from mcp_agent.model import Tool

_WORD = re.compile(r"[^\W_]+")
# fmt: off
_STOP = frozenset((
    "a", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do", "does", "for",
    "from", "had", "has", "have", "how", "i", "if", "in", "is", "it", "its", "just", "let", "me", "my", "of", "on",
    "or", "our", "please", "s", "show", "so", "some", "tell", "that", "the", "their", "them", "then", "there", "these",
    "they", "this", "to", "us", "want", "was", "we", "were", "what", "which", "who", "will", "with", "would", "you",
    "your",
))
# fmt: on
_WEIGHTS = (4.0, 2.0, 1.0, 3.0)
"""Of a name, the first line of a description, the rest with the arguments, and the examples."""
_PARTIAL = 2.0
_RECENT = 0.6
_PREFIX = 4
"""Letters from which on a word is also looked for as the beginning of another."""


class Hit(Struct, frozen=True):
    """``score`` is only good for comparing with the others of the same search."""

    tool: Tool
    score: float


def words(text: str) -> list[str]:
    """In lower case, without those that say nothing."""
    return [word for word in _WORD.findall(text.lower()) if word not in _STOP]


class Ranker:
    """An index of some tools. It may be asked from any thread."""

    def __init__(self, tools: Sequence[Tool]) -> None:
        self._tools = tuple(tools)
        self._by_name = {tool.name: tool for tool in tools}
        self._names = [frozenset(_WORD.findall(tool.name.lower())) for tool in tools]
        self._lock = threading.Lock()
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.execute("create virtual table tools using fts5(name, line, rest, examples, tokenize='porter')")
        self._index.executemany(
            "insert into tools (rowid, name, line, rest, examples) values (?, ?, ?, ?, ?)",
            ((number, *_document(tool)) for number, tool in enumerate(self._tools)),
        )

    def find(self, query: str, limit: int, used: Mapping[str, int] = {}) -> list[Hit]:
        """At most so many, best first. A tool asked for by its exact name is the first. ``used`` counts recent calls,
        and only decides between tools that are about as good."""
        exact = self._by_name.get(query.strip())
        asked = words(query)
        scores = self._matches(asked)
        for number, score in scores.items():
            name = self._names[number]
            scores[number] = score + _PARTIAL * len(name.intersection(asked)) / len(name)
            scores[number] += _RECENT * math.log1p(used.get(self._tools[number].name, 0)) / (1 + len(asked))
        best = sorted(scores, key=lambda number: (-scores[number], self._tools[number].name))
        hits = [Hit(self._tools[number], scores[number]) for number in best if self._tools[number] is not exact]
        first = [] if exact is None else [Hit(exact, math.inf)]
        return (first + hits)[:limit]

    def _matches(self, asked: Iterable[str]) -> dict[int, float]:
        terms = [f'"{word}"' for word in asked]
        terms += [f'"{word}"*' for word in asked if len(word) >= _PREFIX]
        if not terms:
            return {}
        statement = f"select rowid, -bm25(tools, {', '.join(map(str, _WEIGHTS))}) from tools where tools match ?"
        with self._lock:
            return dict(self._index.execute(statement, (" OR ".join(terms),)).fetchall())


def _document(tool: Tool) -> tuple[str, str, str, str]:
    line, _, rest = tool.description.partition("\n")
    arguments = tool.input_schema.get("properties", {})
    said = [f"{name.replace('_', ' ')} {schema.get('description', '')}" for name, schema in arguments.items()]
    name = f"{tool.name.replace('_', ' ')} {tool.plugin.replace('_', ' ')} {tool.title or ''}"
    return name, line, " ".join([rest, *said]), "\n".join(tool.examples)
