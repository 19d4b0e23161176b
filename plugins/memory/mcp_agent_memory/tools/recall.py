"""Finding facts again, and saying why they were found."""

from __future__ import annotations

import math
import sqlite3
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_memory.examples import EXAMPLES
from mcp_agent_memory.moments import period_of
from mcp_agent_memory.store import facts, uses
from mcp_agent_memory.store.facts import Fact
from mcp_agent_memory.store.schema import database
from mcp_agent_memory.tools.forms import FactId, When

if TYPE_CHECKING:
    from mcp_agent_memory.retrieve.rank import Ranked

_LETTERS_A_TOKEN = 4
_FRAME = 30
"""Tokens that the fields around a text cost."""

Query = Annotated[str, Field("The question, in plain words, names and times included.", max_length=1000, private=True)]


class Recalled(Struct, frozen=True, omit_defaults=True):
    """``more``: so many others fit less well, or did not fit in."""

    facts: list[Fact]
    more: int = 0


class Reason(Struct, frozen=True):
    """``share`` is what it added to the score."""

    reason: str
    share: float


class Explained(Struct, frozen=True, omit_defaults=True):
    """``place`` 1 is the best of ``among``; without a place the fact was not found."""

    fact: Fact
    among: int
    times: list[str]
    place: int | None = None
    score: float | None = None
    reasons: list[Reason] = []


@tool(effect="read", examples=EXAMPLES["memory_recall"])
async def memory_recall(
    ctx: Context,
    query: Query,
    limit: Annotated[int, Field("How many at most.", ge=1, le=100)] = 10,
    tokens: Annotated[int, Field("About how many tokens the answer may cost.", ge=50, le=50_000)] = 1500,
    since: Annotated[When | None, Field("Only what is from this date on, such as 2025-03.")] = None,
    until: Annotated[When | None, Field("Only what is from before the end of this date.")] = None,
) -> Recalled:
    """Find what is remembered about a question, best first: by words, meaning, people, and time ("last spring").

    Use it before answering from memory. Facts with superseded_by are out of date.
    """
    ranked, found = await search(ctx, query, since, until, limit)
    shown = _within(found, tokens)
    await uses.note(ctx, [fact.id for fact in shown])
    return Recalled(shown, len(ranked) - len(shown))


@tool(effect="read", examples=EXAMPLES["memory_explain"])
async def memory_explain(ctx: Context, query: Query, id: FactId) -> Explained:
    """Say why memory_recall gives a fact for a question, or why not: each reason with its share of the score."""
    from mcp_agent_memory.retrieve.rank import REASONS
    from mcp_agent_memory.retrieve.times import understand

    fact = await database(ctx).read(lambda connection: facts.get(connection, id))
    if fact is None:
        raise ToolError(f"There is no fact {id}.", hint="memory_recall and memory_recent give the numbers of facts.")
    ranked, _ = await search(ctx, query)
    times = understand(query, ctx.clock.time())
    said = [span.phrase for span in times.spans] + [f"{one.direction} {one.clause}" for one in times.events]
    for place, one in enumerate(ranked, 1):
        if one.fact_id == id:
            parts = sorted(one.parts.items(), key=lambda item: -abs(item[1]))
            reasons = [Reason(REASONS[part], round(share, 3)) for part, share in parts]
            return Explained(fact, len(ranked), said, place, round(one.score, 3), reasons)
    return Explained(fact, len(ranked), said)


async def search(
    ctx: Context, query: str, since: str | None = None, until: str | None = None, limit: int = 0, past: bool = False
) -> tuple[list[Ranked], list[Fact]]:
    """Every fact that fits, best first, and the first so many as they are; with ``past`` what was superseded as well.

    Raises ToolError for times that end before they begin.
    """
    from mcp_agent_memory.retrieve import vectors
    from mcp_agent_memory.retrieve.recall import Question, recall

    start = -math.inf if since is None else period_of(since)[0]
    end = math.inf if until is None else period_of(until)[1]
    if end < start:
        raise ToolError(f"Nothing is from since {since} until {until}: that ends before it begins.", hint="Swap them.")
    question = Question(query, ctx.clock.time(), start, end, past)
    meaning = await vectors.ready(ctx)

    def find(connection: sqlite3.Connection) -> tuple[list[Ranked], list[Fact]] | None:
        if vectors.behind(connection, meaning):
            return None
        ranked = recall(connection, meaning, question)
        return ranked, facts.several(connection, [one.fact_id for one in ranked[:limit]])

    while (found := await database(ctx).read(find)) is None:
        await vectors.catch_up(ctx)
    return found


def _within(found: list[Fact], tokens: int) -> list[Fact]:
    """As many as the budget allows, one at least."""
    left = float(tokens)
    shown: list[Fact] = []
    for fact in found:
        left -= len(fact.text) / _LETTERS_A_TOKEN + _FRAME
        if left < 0 and shown:
            break
        shown.append(fact)
    return shown
