"""People, places and things, which facts mention, and how they are related to each other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from mcp_agent_memory.moments import moment


class Relation(Struct, frozen=True, omit_defaults=True):
    """``subject`` ``relation`` ``object``, such as Anna - sister of - Tom."""

    subject: str
    relation: str
    object: str
    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None


_RELATIONS = (
    "select s.name, relations.relation, o.name, relations.source, relations.since, relations.until from relations"
    " join entities s on s.id = relations.subject join entities o on o.id = relations.object"
)


def key_of(name: str) -> str:
    """Names that differ in case or spacing only are the same."""
    return " ".join(name.casefold().split())


def find(connection: sqlite3.Connection, name: str) -> tuple[int, str, str | None] | None:
    """Number, name and kind."""
    row = connection.execute("select id, name, kind from entities where key = ?", (key_of(name),)).fetchone()
    return (row[0], row[1], row[2]) if row else None


def make(connection: sqlite3.Connection, name: str, kind: str | None = None) -> int:
    """The number of an entity, which is made if there is none. A kind is kept where there was none."""
    connection.execute(
        "insert into entities (name, key, kind) values (?, ?, ?)"
        " on conflict (key) do update set kind = coalesce(kind, excluded.kind)",
        (" ".join(name.split()), key_of(name), kind),
    )
    number: int = connection.execute("select id from entities where key = ?", (key_of(name),)).fetchone()[0]
    return number


def mention(connection: sqlite3.Connection, fact_id: int, names: Iterable[str]) -> None:
    """Note that a fact is about these."""
    for name in names:
        if name.strip():
            connection.execute("insert or ignore into mentions values (?, ?)", (make(connection, name), fact_id))


def relations_of(connection: sqlite3.Connection, entity: int, limit: int) -> list[Relation]:
    """On either side."""
    rows = connection.execute(
        f"{_RELATIONS} where relations.subject = ?1 or relations.object = ?1 order by relations.id limit ?2",
        (entity, limit),
    )
    return [relation_of(row) for row in rows]


def all_relations(connection: sqlite3.Connection) -> list[Relation]:
    return [relation_of(row) for row in connection.execute(f"{_RELATIONS} order by relations.id")]


def relation_of(row: tuple[str, str, str, str | None, float | None, float | None]) -> Relation:
    subject, relation, object_, source, since, until = row
    return Relation(
        subject, relation, object_, source, None if since is None else moment(since),
        None if until is None else moment(until),
    )  # fmt: skip


def mentioned_by(connection: sqlite3.Connection, fact_id: int) -> list[int]:
    return [row[0] for row in connection.execute("select entity from mentions where fact = ?", (fact_id,))]


def sweep(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """A name goes with the last fact or relation that held it."""
    for number in numbers:
        connection.execute(
            "delete from entities where id = ?1 and not exists (select 1 from mentions where entity = ?1)"
            " and not exists (select 1 from relations where subject = ?1 or object = ?1)",
            (number,),
        )
