"""Facts: kept, found by number, listed, gone. Functions take the connection of a ``read`` or ``write``."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from mcp_agent_memory.moments import moment
from mcp_agent_memory.store import entities
from mcp_agent_memory.store.drafts import Draft


class Fact(Struct, frozen=True, omit_defaults=True):
    """One thing to know. Times are UTC, to the second; ``since`` and ``until`` say when it was true, ``since`` only
    where it is not the time of remembering. ``superseded_by`` is the number of the fact that took its place."""

    id: int
    text: str
    created: datetime
    source: str | None = None
    tags: list[str] = []
    entities: list[str] = []
    conversation: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    superseded_by: int | None = None


COLUMNS = (
    "facts.id, facts.text, facts.created, facts.source, facts.tags, facts.entities, facts.conversation,"
    " facts.since, facts.until, facts.superseded_by"
)
LIVE = "facts.forgotten_at is null"
CURRENT = f"{LIVE} and facts.superseded_by is null"

_INSERT = (
    "insert into facts (id, text, source, tags, entities, conversation, since, until, digest, created)"
    " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_ASKED_AT_ONCE = 500
"""Values in one statement: SQLite has a limit."""


def add(connection: sqlite3.Connection, draft: Draft, now: float, fact_id: int | None = None) -> int:
    """Keep a fact; gives its number: ``fact_id`` where it had one before."""
    since = now if draft.since is None else draft.since
    new_id = connection.execute(
        _INSERT,
        (
            fact_id, draft.text, draft.source, _list(draft.tags), _list(draft.entities), draft.conversation, since,
            draft.until, draft.digest, now,
        ),
    ).lastrowid  # fmt: skip
    assert new_id is not None
    entities.mention(connection, new_id, draft.entities)
    return new_id


def known(connection: sqlite3.Connection, draft: Draft) -> int | None:
    """The number of the same fact, where it is remembered already."""
    row = connection.execute(f"select id from facts where digest = ? and {CURRENT}", (draft.digest,)).fetchone()
    return row[0] if row else None


def get(connection: sqlite3.Connection, fact_id: int) -> Fact | None:
    """Any that is not forgotten, also one that was superseded."""
    return next(iter(several(connection, [fact_id])), None)


def several(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Fact]:
    """Those of the numbers that are there, in the order of the numbers given."""
    found: dict[int, Fact] = {}
    for begin in range(0, len(ids), _ASKED_AT_ONCE):
        some = ids[begin : begin + _ASKED_AT_ONCE]
        marks = ",".join("?" * len(some))
        rows = connection.execute(f"select {COLUMNS} from facts where id in ({marks}) and {LIVE}", some)
        found.update((row[0], fact_of(row)) for row in rows)
    return [found[fact_id] for fact_id in ids if fact_id in found]


def newest(connection: sqlite3.Connection, limit: int, before: int | None = None) -> list[Fact]:
    """Newest first, from below the number ``before``; none that were superseded."""
    statement = f"select {COLUMNS} from facts where (?1 is null or id < ?1) and {CURRENT} order by id desc limit ?2"
    return facts_of(connection.execute(statement, (before, limit)))


def between(connection: sqlite3.Connection, start: float, end: float, limit: int) -> list[Fact]:
    """Those that began to be true in a time, the latest first."""
    statement = (
        f"select {COLUMNS} from facts where since >= ? and since < ? and {LIVE} order by since desc, id desc limit ?"
    )
    return facts_of(connection.execute(statement, (start, end, limit)))


def count(connection: sqlite3.Connection) -> int:
    number: int = connection.execute(f"select count(*) from facts where {CURRENT}").fetchone()[0]
    return number


def delete(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Out of the table and out of the index. A deleted row stays in the index behind a marker until its parts are
    merged: they are merged now."""
    for fact_id in ids:
        names = entities.mentioned_by(connection, fact_id)
        connection.execute("delete from facts where id = ?", (fact_id,))
        entities.sweep(connection, names)
    connection.execute("insert into facts_index (facts_index) values ('optimize')")


def facts_of(rows: Iterable[tuple[Any, ...]]) -> list[Fact]:
    return [fact_of(row) for row in rows]


def fact_of(row: tuple[Any, ...]) -> Fact:
    """From COLUMNS."""
    fact_id, text, created, source, tags, names, conversation, since, until, superseded_by = row
    return Fact(
        fact_id, text, moment(created), source, json.loads(tags), json.loads(names), conversation,
        None if since == created else moment(since), None if until is None else moment(until), superseded_by,
    )  # fmt: skip


def _list(names: Sequence[str]) -> str:
    return json.dumps(list(names), ensure_ascii=False)
