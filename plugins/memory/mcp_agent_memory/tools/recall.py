"""Finding facts again, and saying why they were found."""

from __future__ import annotations

import asyncio
import math
import sqlite3
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_memory.moments import period_of
from mcp_agent_memory.store import facts
from mcp_agent_memory.store.facts import Fact
from mcp_agent_memory.store.schema import database
from mcp_agent_memory.tools.forms import FactId, When

_LETTERS_A_TOKEN = 4
_NOTED_AT_ONCE = 8
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


@tool(effect="read")
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
    ranked = await search(ctx, query, since, until)
    found = await database(ctx).read(
        lambda connection: facts.several(connection, [one.fact_id for one in ranked[:limit]])
    )
    shown = _within(found, tokens)
    _used(ctx, [fact.id for fact in shown])
    return Recalled(shown, len(ranked) - len(shown))


@tool(effect="read")
async def memory_explain(ctx: Context, query: Query, id: FactId) -> Explained:
    """Say why memory_recall gives a fact for a question, or why not: each reason with its share of the score."""
    from mcp_agent_memory.retrieve.rank import REASONS
    from mcp_agent_memory.retrieve.times import understand

    fact = await database(ctx).read(lambda connection: facts.get(connection, id))
    if fact is None:
        raise ToolError(f"There is no fact {id}.", hint="memory_recall and memory_recent give the numbers of facts.")
    ranked = await search(ctx, query)
    times = understand(query, ctx.clock.time())
    said = [span.phrase for span in times.spans] + [f"{one.direction} {one.clause}" for one in times.events]
    for place, one in enumerate(ranked, 1):
        if one.fact_id == id:
            parts = sorted(one.parts.items(), key=lambda item: -abs(item[1]))
            reasons = [Reason(REASONS[part], round(share, 3)) for part, share in parts]
            return Explained(fact, len(ranked), said, place, round(one.score, 3), reasons)
    return Explained(fact, len(ranked), said)


async def search(ctx: Context, query: str, since: str | None = None, until: str | None = None) -> list[Any]:
    """Every fact that fits, as Ranked, best first."""
    from mcp_agent_memory.retrieve import vectors
    from mcp_agent_memory.retrieve.recall import Question, recall

    start = 0.0 if since is None else period_of(since)[0]
    end = math.inf if until is None else period_of(until)[1]
    question = Question(query, ctx.clock.time(), start, end)
    await vectors.catch_up(ctx)
    meaning = vectors.meaning(ctx)
    return await database(ctx).read(lambda connection: recall(connection, meaning, question))


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


def _used(ctx: Context, ids: list[int]) -> None:
    """Note beside the answer that these were asked for. Losing one in a crash costs nothing; nobody waits for it."""
    from mcp_agent_memory.retrieve.vectors import meaning

    noting = meaning(ctx).noting
    if not ids or len(noting) >= _NOTED_AT_ONCE:
        return
    now = ctx.clock.time()

    def note(connection: sqlite3.Connection) -> None:
        connection.executemany(
            "insert into uses select id, 1, ? from facts where id = ?"
            " on conflict (fact) do update set count = count + 1, last = excluded.last",
            [(now, fact_id) for fact_id in ids],
        )

    task = asyncio.get_running_loop().create_task(database(ctx).write(note))
    noting.add(task)
    task.add_done_callback(noting.discard)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
