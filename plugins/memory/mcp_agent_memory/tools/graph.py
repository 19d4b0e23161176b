"""People, places and things, and how they are related."""

from __future__ import annotations

import sqlite3
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, Undo, tool
from mcp_agent_memory.examples import EXAMPLES
from mcp_agent_memory.moments import period_of
from mcp_agent_memory.retrieve import words
from mcp_agent_memory.store import entities, facts
from mcp_agent_memory.store.entities import Relation
from mcp_agent_memory.store.facts import Fact
from mcp_agent_memory.store.schema import database
from mcp_agent_memory.tools.forms import Name, Source, When

_MOST_RELATIONS = 50


class Entity(Struct, frozen=True, omit_defaults=True):
    """``more``: so many facts about it were left out."""

    name: str
    kind: str | None = None
    relations: list[Relation] = []
    facts: list[Fact] = []
    more: int = 0


@tool(effect="read", examples=EXAMPLES["memory_get_entity"])
async def memory_get_entity(
    ctx: Context,
    name: Annotated[Name, Field("A person, place or thing.", private=True)],
    limit: Annotated[int, Field("How many facts at most.", ge=1, le=100)] = 20,
) -> Entity:
    """Everything remembered about one person, place or thing: relations, and facts, the newest first."""
    found = await database(ctx).read(lambda connection: about(connection, name, limit))
    if found is None:
        raise ToolError(f"Nothing is remembered about {name}.", hint="memory_recall finds facts by other words.")
    return found


def about(connection: sqlite3.Connection, name: str, limit: int) -> Entity | None:
    """By facts that mention it, and facts whose words hold its name."""
    entity = entities.find(connection, name)
    phrase = " ".join(words.words_of(name))
    statement = (
        f"select {facts.COLUMNS} from facts where {facts.CURRENT}"
        " and (id in (select fact from mentions where entity = ?)"
        " or id in (select rowid from facts_index where facts_index match ?)) order by id desc limit ?"
    )
    number = entity[0] if entity else None
    rows = connection.execute(statement, (number, words.quoted(phrase) if phrase else '""', limit + 1)).fetchall()
    if entity is None and not rows:
        return None
    relations = entities.relations_of(connection, entity[0], _MOST_RELATIONS) if entity else []
    shown, kind = entity[1:] if entity else (name, None)
    return Entity(shown, kind, relations, facts.facts_of(rows[:limit]), max(0, len(rows) - limit))


async def _related(ctx: Context, arguments: Any, result: Any) -> Any:
    """The relation as it is, and whether its two ends are known."""

    def look(connection: sqlite3.Connection) -> Any:
        ends = [entities.find(connection, arguments.subject), entities.find(connection, arguments.object)]
        row = None
        if all(ends):
            row = connection.execute(
                "select source, since, until, created from relations where subject = ? and relation = ? and object = ?",
                (ends[0][0], arguments.relation, ends[1][0]),  # type: ignore[index]  # all are there
            ).fetchone()
        return {"ends": [list(end) if end else None for end in ends], "relation": list(row) if row else None}

    return await database(ctx).read(look)


async def _relate_as(ctx: Context, arguments: Any, result: Any, snapshot: Any) -> None:
    def work(connection: sqlite3.Connection) -> None:
        ends = [entities.make(connection, name) for name in (arguments.subject, arguments.object)]
        triple = (ends[0], arguments.relation, ends[1])
        connection.execute("delete from relations where subject = ? and relation = ? and object = ?", triple)
        if snapshot["relation"] is not None:
            connection.execute(
                "insert into relations (subject, relation, object, source, since, until, created)"
                " values (?, ?, ?, ?, ?, ?, ?)",
                (*triple, *snapshot["relation"]),
            )
        entities.sweep(connection, [end for end, was in zip(ends, snapshot["ends"], strict=True) if was is None])

    await database(ctx).write(work)


@tool(effect="write", idempotent=True, undo=Undo(_related, _relate_as), examples=EXAMPLES["memory_relate"])
async def memory_relate(
    ctx: Context,
    subject: Annotated[Name, Field("Who or what, such as Anna.", private=True)],
    relation: Annotated[Name, Field("How, in the present: is the sister of, works at.", private=True)],
    object: Annotated[Name, Field("To whom or what, such as Tom.", private=True)],
    source: Annotated[Source | None, Field("Where it comes from.", private=True)] = None,
    since: Annotated[When | None, Field("Since when: 2025, 2025-03 or 2025-03-14.")] = None,
    until: Annotated[When | None, Field("Until when it was so.")] = None,
) -> Relation:
    """Note how two people, places or things are related. Noting it again changes source and dates."""
    begin = None if since is None else period_of(since)[0]
    end = None if until is None else period_of(until)[1]
    now = ctx.clock.time()

    def work(connection: sqlite3.Connection) -> None:
        connection.execute(
            "insert into relations (subject, relation, object, source, since, until, created)"
            " values (?, ?, ?, ?, ?, ?, ?) on conflict (subject, relation, object) do update set"
            " source = excluded.source, since = excluded.since, until = excluded.until",
            (
                entities.make(connection, subject), relation, entities.make(connection, object), source, begin, end,
                now,
            ),
        )  # fmt: skip

    await database(ctx).write(work)
    for name in (subject, object):
        ctx.resource_updated(f"memory://entities/{name}")
    return entities.relation_of((subject, relation, object, source, begin, end))
