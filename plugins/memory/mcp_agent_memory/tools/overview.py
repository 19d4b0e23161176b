"""What there is, without a question: the newest, what was true at a time, and a summary."""

from __future__ import annotations

import sqlite3
from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, tool
from mcp_agent_memory.examples import EXAMPLES
from mcp_agent_memory.moments import moment, period_of
from mcp_agent_memory.store import facts
from mcp_agent_memory.store.facts import COLUMNS, CURRENT, LIVE, Fact
from mcp_agent_memory.store.schema import database
from mcp_agent_memory.tools.forms import When

_MOST_NAMED = 15
_MOST_ALIKE = 10
_SEARCHED = 2_000


class Page(Struct, frozen=True, omit_defaults=True):
    """``before`` is what to ask the next page with; without it there is none."""

    facts: list[Fact]
    before: int | None = None


class Timeline(Struct, frozen=True, omit_defaults=True):
    """``more``: there are others."""

    facts: list[Fact]
    more: bool = False


class Named(Struct, frozen=True):
    name: str
    facts: int


class Summary(Struct, frozen=True, omit_defaults=True):
    """``alike`` holds groups of facts with the same words, for memory_merge."""

    facts: int
    superseded: int
    entities: int
    relations: int
    oldest: str | None = None
    newest: str | None = None
    most_named: list[Named] = []
    tags: list[Named] = []
    alike: list[list[int]] = []


@tool(effect="read", examples=EXAMPLES["memory_recent"])
async def memory_recent(
    ctx: Context,
    limit: Annotated[int, Field("How many in one page.", ge=1, le=100)] = 20,
    before: Annotated[int | None, Field("'before' of the last page, to go on from there.", ge=1, le=2**63 - 1)] = None,
) -> Page:
    """The facts that were remembered last, newest first, page by page."""
    found = await database(ctx).read(lambda connection: facts.newest(connection, limit + 1, before))
    shown = found[:limit]
    return Page(shown, shown[-1].id if len(found) > limit else None)


@tool(effect="read", examples=EXAMPLES["memory_timeline"])
async def memory_timeline(
    ctx: Context,
    date: Annotated[When, Field("2025, 2025-03, 2025-03-14, or an ISO time.")],
    about: Annotated[str | None, Field("Only what fits this question.", max_length=1000, private=True)] = None,
    limit: Annotated[int, Field("How many at most.", ge=1, le=100)] = 20,
) -> Timeline:
    """What was true on a date, or at some time within a month or year, also what was superseded since."""
    start, end = period_of(date)
    end = max(end, start + 1)
    true = f"{LIVE} and since < ? and (until is null or until > ?)"
    if about is None:
        statement = f"select {COLUMNS} from facts where {true} order by since desc, id desc limit ?"
        rows = await database(ctx).read(
            lambda connection: connection.execute(statement, (end, start, limit + 1)).fetchall()
        )
        found = facts.facts_of(rows)
    else:
        from mcp_agent_memory.tools.recall import search

        ranked = [one.fact_id for one in (await search(ctx, about, past=True))[0][:_SEARCHED]]
        found = await database(ctx).read(lambda connection: _true(connection, ranked, true, start, end))
    return Timeline(found[:limit], len(found) > limit)


@tool(effect="read", examples=EXAMPLES["memory_summary"])
async def memory_summary(ctx: Context) -> Summary:
    """How much is remembered, since when, about whom, and which facts say the same."""
    return await database(ctx).read(summary)


def summary(connection: sqlite3.Connection) -> Summary:
    def one(statement: str) -> int:
        number: int = connection.execute(statement).fetchone()[0]
        return number

    def named(statement: str) -> list[Named]:
        return [Named(name, number) for name, number in connection.execute(statement, (_MOST_NAMED,))]

    oldest, newest = connection.execute(f"select min(since), max(since) from facts where {CURRENT}").fetchone()
    return Summary(
        one(f"select count(*) from facts where {CURRENT}"),
        one(f"select count(*) from facts where {LIVE} and superseded_by is not null"),
        one("select count(*) from entities"),
        one("select count(*) from relations"),
        None if oldest is None else f"{moment(oldest):%Y-%m-%d}",
        None if newest is None else f"{moment(newest):%Y-%m-%d}",
        named(
            "select name, count(*) from mentions join entities on entities.id = entity"
            f" join facts on facts.id = fact where {CURRENT} group by entity order by 2 desc, name limit ?"
        ),
        named(
            f"select value, count(*) from facts, json_each(facts.tags) where {CURRENT} group by value"
            " order by 2 desc, value limit ?"
        ),
        [
            [int(number) for number in numbers.split(",")]
            for (numbers,) in connection.execute(
                f"select group_concat(id) from facts where {CURRENT} group by lower(trim(text)) having count(*) > 1"
                " order by min(id) limit ?",
                (_MOST_ALIKE,),
            )
        ],
    )


def _true(connection: sqlite3.Connection, ids: list[int], true: str, start: float, end: float) -> list[Fact]:
    """Those of the numbers that were true at a time, in order."""
    kept = [
        number
        for number in ids
        if connection.execute(f"select 1 from facts where id = ? and {true}", (number, end, start)).fetchone()
    ]
    return facts.several(connection, kept)
