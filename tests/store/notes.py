"""A database with notes in it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

from mcp_agent.store.database import Database, Migration


def create_notes(connection: sqlite3.Connection) -> None:
    connection.execute("create table notes (text text not null unique)")


MIGRATIONS: list[Migration] = [create_notes]


def add(text: str | None) -> Callable[[sqlite3.Connection], int]:
    def work(connection: sqlite3.Connection) -> int:
        row = connection.execute("insert into notes (text) values (?)", (text,)).lastrowid
        assert row is not None
        return row

    return work


def texts(connection: sqlite3.Connection) -> list[str]:
    return [text for (text,) in connection.execute("select text from notes order by rowid")]


def with_database(
    path: Path | None, work: Callable[[Database], Awaitable[None]], migrations: list[Migration] = MIGRATIONS
) -> None:
    async def main() -> None:
        database = Database(path, migrations)
        try:
            await work(database)
        finally:
            await database.close()

    asyncio.run(main())
