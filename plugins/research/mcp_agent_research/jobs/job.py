"""A job as it is kept. After each step it is written down, and goes on from there."""

from __future__ import annotations

import secrets
from datetime import datetime

from msgspec import Struct, field

from mcp_agent_research.shapes import Budget, Phase, Status, Used


class Claim(Struct, frozen=True):
    """One sentence, with the passage that bears it. ``text`` is empty where nobody put it in other words."""

    text: str
    quote: str
    source: int


def new_name() -> str:
    """Five letters: anything longer, or with a digit, that stood in a result from outside is taken for the text of a
    stranger, and the person would be asked each time it is given back to research_stop."""
    return "".join(secrets.choice("abcdefghijkmnopqrstuvwxyz") for _ in range(5))


class Candidate(Struct, frozen=True):
    """Something to read. ``source`` is its number where it is in the local library. Of a paper its title and the year
    it was ``published`` are known before it is read; its ``abstract`` stands in for it where it cannot be."""

    address: str
    title: str
    score: float
    source: int | None = None
    paper: bool = False
    abstract: str = ""
    published: str | None = None


class Job(Struct):
    """``searched`` and ``tried`` count the queries and candidates that are done with. ``planner`` and ``writer`` name
    the model, empty where there was none. ``dropped`` counts claims whose quotes did not stand."""

    id: str
    question: str
    created: datetime
    budget: Budget
    queries: list[str]
    engines: list[str]
    papers: bool = False
    planner: str = ""
    status: Status = "running"
    phase: Phase = "search"
    used: Used = field(default_factory=Used)
    searched: int = 0
    candidates: list[Candidate] = []
    tried: int = 0
    sources: list[int] = []
    claims: list[Claim] = []
    writer: str = ""
    dropped: int = 0
    notes: list[str] = []

    def note(self, text: str) -> None:
        """Something that whoever reads the report should know; the first twenty are kept."""
        if text not in self.notes and len(self.notes) < 20:
            self.notes.append(text[:300])

    def seconds_left(self) -> float:
        return max(0.0, self.budget.minutes * 60 - self.used.seconds)

    def can_spend(self, tokens: int, money: float) -> bool:
        return self.used.tokens + tokens <= self.budget.tokens and self.used.money + money <= self.budget.money
