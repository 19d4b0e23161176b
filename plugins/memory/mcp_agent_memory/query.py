"""What a person asks, as expressions of the full-text index: nothing they type can be an operator."""

from __future__ import annotations

import unicodedata

from mcp_agent import ToolError

_MOST_WORDS = 32
_SHORTEST_PREFIX = 3
"""Shorter words must match whole: nearly every fact has a word that begins with "a"."""


def match_expressions(query: str) -> list[str]:
    """What to look for in turn: all the words, then any of them. Raises ToolError for a query without a word."""
    words = list(dict.fromkeys("".join(map(_letter_or_space, query)).split()))[:_MOST_WORDS]
    if not words:
        raise ToolError(
            f"There is no word in {query!r} to look for." if query.strip() else "The query is empty.",
            hint="Ask with a word or two of the fact, or use memory_list to see the newest.",
        )
    terms = [f'"{word}"*' if len(word) >= _SHORTEST_PREFIX else f'"{word}"' for word in words]
    return [" AND ".join(terms), " OR ".join(terms)] if len(terms) > 1 else terms


def _letter_or_space(character: str) -> str:
    """Letters, digits and the accents upon them are what the index has words of."""
    return character if character.isalnum() or unicodedata.category(character) == "Mn" else " "
