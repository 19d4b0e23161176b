"""What a person asks, as expressions of the full-text index: nothing they type can be an operator."""

from __future__ import annotations

from mcp_agent import ToolError

_MOST_WORDS = 32
_SHORTEST_PREFIX = 3
"""Shorter words must match whole: nearly every fact has a word that begins with "a"."""


def match_expressions(query: str) -> list[str]:
    """What to look for in turn: all the words, then any of them. Raises ToolError for a query without a word."""
    words = [word for word in dict.fromkeys(_clean(query).split()) if any(map(str.isalnum, word))][:_MOST_WORDS]
    if not words:
        raise ToolError(
            f"There is no word in {query!r} to look for." if query.strip() else "The query is empty.",
            hint="Ask with a word or two of the fact, or use memory_list to see the newest.",
        )
    terms = [_term(word) for word in words]
    return [" AND ".join(terms), " OR ".join(terms)] if len(terms) > 1 else terms


def _clean(query: str) -> str:
    """The index takes a NUL for the end of the text; quotes would end a quoted word."""
    return query.replace("\0", " ").replace('"', " ")


def _term(word: str) -> str:
    bare = word.strip("?!.,;:()[]{}'")
    return f'"{bare}"*' if len(bare) >= _SHORTEST_PREFIX else f'"{bare}"'
