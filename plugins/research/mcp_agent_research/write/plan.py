"""What to search for."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from mcp_agent_research.store.words import words_of
from mcp_agent_research.write.answers import read_answer

_MOST = 5
_LONGEST = 200

SYSTEM = "You plan research. You answer with JSON and nothing else."
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"queries": {"type": "array", "items": {"type": "string"}, "maxItems": _MOST}},
    "required": ["queries"],
    "additionalProperties": False,
}


class _Plan(Struct):
    queries: list[str]


def prompt(question: str) -> str:
    return (
        f"Question: {question}\n\nWrite up to {_MOST} short search queries that together cover the question, the most"
        ' important first, as {"queries": ["...", "..."]}.'
    )


def read_plan(text: str, question: str) -> list[str]:
    """The queries of a model, after the question itself: a bad plan costs time, not the answer."""
    plan = read_answer(text, _Plan)
    queries = [" ".join(query.split())[:_LONGEST] for query in plan.queries] if plan else []
    return list(dict.fromkeys([question[:_LONGEST], *filter(None, queries)]))[: _MOST + 1]


def plan_by_words(question: str) -> list[str]:
    """The question, and its words that say something."""
    return list(dict.fromkeys([question[:_LONGEST], " ".join(words_of(question))[:_LONGEST]]))
