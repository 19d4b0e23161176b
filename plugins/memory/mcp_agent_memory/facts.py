"""Facts in SQLite, with a full-text index that triggers keep in step."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct

from mcp_agent import Context, Database
from mcp_agent_memory.query import match_expressions


class Fact(Struct, frozen=True, omit_defaults=True):
    """One thing to know. ``created`` is in UTC, to the second."""

    id: int
    text: str
    created: datetime
    source: str | None = None
    tags: list[str] = []


def _first(connection: sqlite3.Connection) -> None:
    connection.execute(
        "create table facts (id integer primary key autoincrement, text text not null, source text,"
        " tags text not null, created real not null)"
    )
    connection.execute(
        "create virtual table facts_index using fts5"
        "(text, tags, source, content='facts', content_rowid='id', tokenize='porter unicode61')"
    )
    connection.execute(
        "create trigger facts_added after insert on facts begin"
        " insert into facts_index (rowid, text, tags, source) values (new.id, new.text, new.tags, new.source); end"
    )
    connection.execute(
        "create trigger facts_gone after delete on facts begin"
        " insert into facts_index (facts_index, rowid, text, tags, source)"
        " values ('delete', old.id, old.text, old.tags, old.source); end"
    )


MIGRATIONS = [_first]

_COLUMNS = "facts.id, facts.text, facts.created, facts.source, facts.tags"
_SEARCH = (
    f"select {_COLUMNS} from facts_index join facts on facts.id = facts_index.rowid"
    " where facts_index match ? order by rank, facts.id desc limit ?"
)
_ERASING = "pragma secure_delete = on"
"""Pages that are given up are overwritten. The index moves its content about, so this holds for every write."""


def database(ctx: Context) -> Database:
    """The facts of this home."""
    return ctx.database("memory", MIGRATIONS)


async def add(ctx: Context, text: str, source: str | None, tags: Sequence[str], fact_id: int | None = None) -> int:
    """Keep a fact; gives its number: ``fact_id`` where it had one before."""
    row = (fact_id, text, source, json.dumps(list(tags), ensure_ascii=False), ctx.clock.time())

    def insert(connection: sqlite3.Connection) -> int:
        connection.execute(_ERASING)
        statement = "insert into facts (id, text, source, tags, created) values (?, ?, ?, ?, ?)"
        new_id = connection.execute(statement, row).lastrowid
        assert new_id is not None
        return new_id

    return await database(ctx).write(insert)


async def search(ctx: Context, query: str, limit: int) -> list[Fact]:
    """Best first. Raises ToolError for a query without a word in it."""
    expressions = match_expressions(query)

    def find(connection: sqlite3.Connection) -> list[Fact]:
        for expression in expressions:
            rows = connection.execute(_SEARCH, (expression, limit)).fetchall()
            if rows:
                return [_fact(row) for row in rows]
        return []

    return await database(ctx).read(find)


async def newest(ctx: Context, limit: int, before: int | None = None) -> list[Fact]:
    """Newest first, from below the number ``before``."""
    statement = f"select {_COLUMNS} from facts where ?1 is null or id < ?1 order by id desc limit ?2"
    return await database(ctx).read(
        lambda connection: [_fact(row) for row in connection.execute(statement, (before, limit))]
    )


async def get(ctx: Context, fact_id: int) -> Fact | None:
    def find(connection: sqlite3.Connection) -> Fact | None:
        row = connection.execute(f"select {_COLUMNS} from facts where id = ?", (fact_id,)).fetchone()
        return _fact(row) if row else None

    return await database(ctx).read(find)


async def count(ctx: Context) -> int:
    def find(connection: sqlite3.Connection) -> int:
        number: int = connection.execute("select count(*) from facts").fetchone()[0]
        return number

    return await database(ctx).read(find)


async def delete(ctx: Context, fact_id: int) -> bool:
    """Delete a fact and leave no byte of it in the files. False if there is none of that number."""

    def remove(connection: sqlite3.Connection) -> bool:
        connection.execute(_ERASING)
        if not connection.execute("delete from facts where id = ?", (fact_id,)).rowcount:
            return False
        # A deleted row stays in the index behind a marker until segments are merged: merge them now.
        connection.execute("insert into facts_index (facts_index) values ('optimize')")
        return True

    removed = await database(ctx).write(remove)
    if removed:
        await database(ctx).read(_empty_log)
    return removed


def _empty_log(connection: sqlite3.Connection) -> None:
    """The write-ahead log still holds old pages: move it into the file and cut it off. In memory there is none."""
    if not connection.in_transaction:
        connection.execute("pragma wal_checkpoint(truncate)").fetchall()


def _fact(row: tuple[int, str, float, str | None, str]) -> Fact:
    fact_id, text, created, source, tags = row
    return Fact(fact_id, text, datetime.fromtimestamp(int(created), UTC), source, json.loads(tags))
