"""Tools for a request in everyday words, best first: BM25 over what is said of them, and what the words mean.

SQLite's full-text index does the counting: it stems English, and finds the beginning of a word. What words mean is
asked where the extra ``vectors`` is installed; without it, words have to do.
"""

from __future__ import annotations

import math
import re
import sqlite3
import threading
import weakref
from collections.abc import Mapping, Sequence

from msgspec import Struct

from mcp_agent.expose.meaning import Meaning
from mcp_agent.model import Tool

_WORD = re.compile(r"[^\W_]+")
_WEIGHTS = (4.0, 2.0, 1.0, 3.0)
"""Of a name, the first line of a description, the rest with the arguments, and the examples."""
_CLOSEST, _CLOSE = 10.0, 15.0
"""Of the text of a tool that is nearest in meaning, and of the nearest two."""
_NEAR = 0.45
"""How near a tool must be in meaning that has no word of the request."""
_RECENT = 2.0
_PREFIX = 4
"""Letters from which on a word is also looked for as the beginning of another."""


class Hit(Struct, frozen=True):
    """``score`` is only good for comparing with the others of the same search."""

    tool: Tool
    score: float


class Ranker:
    """An index of some tools. It may be asked from any thread."""

    def __init__(self, tools: Sequence[Tool]) -> None:
        self._tools = tuple(tools)
        self._by_name = {tool.name: tool for tool in tools}
        self._meaning = Meaning([[f"{_spaced(tool.name)}: {_line(tool)}", *tool.examples] for tool in tools])
        self._lock = threading.Lock()
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        weakref.finalize(self, self._index.close)  # another thread may be searching in one that was replaced
        self._index.execute("create virtual table tools using fts5(name, line, rest, examples, tokenize='porter')")
        self._index.executemany(
            "insert into tools (rowid, name, line, rest, examples) values (?, ?, ?, ?, ?)",
            ((number, *_document(tool)) for number, tool in enumerate(self._tools)),
        )

    def find(self, query: str, limit: int, used: Mapping[str, int] = {}) -> list[Hit]:
        """At most so many, best first. A tool asked for by its exact name is the first. ``used`` counts recent calls,
        and only decides between tools that are about as good."""
        exact = self._by_name.get(query.strip())
        scores = self._matches(query)
        for number, (closest, close) in enumerate(self._meaning.of(query)):
            if number in scores or closest >= _NEAR:
                scores[number] = scores.get(number, 0.0) + _CLOSEST * closest + _CLOSE * close
        for number in scores:
            scores[number] += _RECENT * math.log1p(used.get(self._tools[number].name, 0)) / (1 + len(query.split()))
        best = sorted(scores, key=lambda number: (-scores[number], self._tools[number].name))
        hits = [Hit(self._tools[number], scores[number]) for number in best if self._tools[number] is not exact]
        first = [] if exact is None else [Hit(exact, math.inf)]
        return (first + hits)[:limit]

    def _matches(self, query: str) -> dict[int, float]:
        asked = _WORD.findall(query.lower())
        terms = [f'"{word}"' for word in asked]
        terms += [f'"{word}"*' for word in asked if len(word) >= _PREFIX]
        if not terms:
            return {}
        statement = f"select rowid, -bm25(tools, {', '.join(map(str, _WEIGHTS))}) from tools where tools match ?"
        with self._lock:
            return dict(self._index.execute(statement, (" OR ".join(terms),)).fetchall())


def _document(tool: Tool) -> tuple[str, str, str, str]:
    arguments = tool.input_schema.get("properties", {})
    said = [f"{_spaced(name)} {schema.get('description', '')}" for name, schema in arguments.items()]
    name = f"{_spaced(tool.name)} {_spaced(tool.plugin)} {tool.title or ''}"
    return name, _line(tool), " ".join([tool.description.partition("\n")[2], *said]), "\n".join(tool.examples)


def _line(tool: Tool) -> str:
    return tool.description.partition("\n")[0]


def _spaced(name: str) -> str:
    return name.replace("_", " ")
