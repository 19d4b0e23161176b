"""Which uploads in parts this plugin began: only those are gone on with, never those of other programs."""

from __future__ import annotations

import sqlite3

from mcp_agent import Context, Database

_MOST = 1000


def _first(connection: sqlite3.Connection) -> None:
    connection.execute(
        "create table uploads (store text, bucket text, key text, id text not null, begun real not null, "
        "primary key (store, bucket, key))"
    )


def _database(ctx: Context) -> Database:
    return ctx.database("uploads", [_first])


async def begun(ctx: Context, *place: str) -> str | None:
    """The id of the upload to a store, bucket and key that did not come to its end."""
    statement = "select id from uploads where store = ? and bucket = ? and key = ?"
    row = await _database(ctx).read(lambda connection: connection.execute(statement, place).fetchone())
    return row[0] if row else None


async def note(ctx: Context, *place_and_id: str) -> None:
    row = (*place_and_id, ctx.clock.time())

    def write(connection: sqlite3.Connection) -> None:
        connection.execute("insert or replace into uploads values (?, ?, ?, ?, ?)", row)
        connection.execute(
            "delete from uploads where rowid in (select rowid from uploads order by begun desc limit -1 offset ?)",
            (_MOST,),
        )

    await _database(ctx).write(write)


async def forget(ctx: Context, *place: str) -> None:
    statement = "delete from uploads where store = ? and bucket = ? and key = ?"
    await _database(ctx).write(lambda connection: connection.execute(statement, place))
