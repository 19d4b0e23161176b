"""What was asked of the services: their answers, for a while, and when each may be asked again.

It is kept in the home, so that several programs that share it keep to the limits together.
"""

from __future__ import annotations

import sqlite3

from mcp_agent import Context, Database

KEEP_SECONDS = 7 * 24 * 3600.0
_MOST_ANSWERS = 2000


def _first(connection: sqlite3.Connection) -> None:
    connection.execute("create table answers (question text primary key, at real not null, body blob not null)")
    connection.execute("create index answers_at on answers (at)")
    connection.execute("create table turns (service text primary key, free_at real not null)")


MIGRATIONS = [_first]


def database(ctx: Context) -> Database:
    return ctx.database("online", MIGRATIONS)


async def remembered(ctx: Context, question: str) -> bytes | None:
    """The answer that was given to this before, unless it is too old."""
    since = ctx.clock.time() - KEEP_SECONDS

    def find(connection: sqlite3.Connection) -> bytes | None:
        statement = "select body from answers where question = ? and at > ?"
        row = connection.execute(statement, (question, since)).fetchone()
        return row[0] if row else None

    return await database(ctx).read(find)


async def remember(ctx: Context, question: str, body: bytes) -> None:
    """Keep an answer; the oldest make room."""
    now = ctx.clock.time()

    def keep(connection: sqlite3.Connection) -> None:
        connection.execute("insert or replace into answers values (?, ?, ?)", (question, now, body))
        oldest = f"select question from answers order by at desc limit -1 offset {_MOST_ANSWERS}"
        connection.execute(f"delete from answers where question in ({oldest})")

    await database(ctx).write(keep)


async def take_turn(ctx: Context, service: str, apart: float, patience: float) -> float | None:
    """Seconds to wait for the next free turn, which is now taken; None where that is more than ``patience``."""
    now = ctx.clock.time()

    def take(connection: sqlite3.Connection) -> float | None:
        row = connection.execute("select free_at from turns where service = ?", (service,)).fetchone()
        # A turn far ahead was written by a clock that was wrong.
        turn = max(now, min(row[0], now + 3600)) if row else now
        if turn - now > patience:
            return None
        connection.execute("insert or replace into turns values (?, ?)", (service, turn + apart))
        return turn - now

    return await database(ctx).write(take)
