"""Migrations of a database: in order and once, and nothing is changed by one that fails."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from mcp_agent.errors import AgentError
from mcp_agent.store.database import Database, Migration
from mcp_agent.store.failures import StoreDamaged
from tests.store.notes import add, create_notes, texts, with_database


def _stars(connection: sqlite3.Connection) -> None:
    connection.execute("alter table notes add column stars integer not null default 3")


def _broken(connection: sqlite3.Connection) -> None:
    connection.execute("create table half (x)")
    connection.execute("this is no sql")


def test_migrations_run_in_order_and_once(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite3"
    ran: list[str] = []

    def noted(migration: Migration) -> Migration:
        def run(connection: sqlite3.Connection) -> None:
            ran.append(migration.__name__)
            migration(connection)

        return run

    async def write(database: Database) -> None:
        await database.write(add("one"))

    async def read(database: Database) -> None:
        rows = await database.read(lambda connection: connection.execute("select stars from notes").fetchall())
        assert rows == [(3,)]

    with_database(path, write, [noted(create_notes)])
    for _ in range(2):
        with_database(path, read, [noted(create_notes), noted(_stars)])
    assert ran == ["create_notes", "_stars"]


def test_a_file_of_a_newer_version_is_left_alone_and_said_to_be(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite3"

    async def write(database: Database) -> None:
        await database.write(add("kept"))

    async def refused(database: Database) -> None:
        for ask in (database.write(add("lost")), database.read(texts), database.write(texts)):
            with pytest.raises(AgentError, match="written by a newer version of this program; update it"):
                await ask

    with_database(path, write, [create_notes, _stars])
    with_database(path, refused, [create_notes])
    connection = sqlite3.connect(path)
    assert connection.execute("select text, stars from notes").fetchall() == [("kept", 3)]
    connection.close()


def test_one_that_cannot_use_a_file_does_not_keep_others_from_it(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite3"

    async def main() -> None:
        old, new = Database(path, [create_notes]), Database(path, [create_notes, _stars])
        await new.write(add("before"))
        with pytest.raises(AgentError, match="newer version"):
            await old.write(add("lost"))
        await new.write(add("after"))
        assert await new.read(texts) == ["before", "after"]
        await old.close()
        await new.close()

    asyncio.run(main())


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite3"

    async def refused(database: Database) -> None:
        with pytest.raises(sqlite3.OperationalError, match="syntax error"):
            await database.write(add("lost"))

    async def write(database: Database) -> None:
        await database.write(add("mended"))
        assert await database.read(texts) == ["mended"]

    with_database(path, refused, [create_notes, _broken])
    with_database(path, write, [create_notes, _stars])


def test_a_file_that_is_no_database_is_an_error_for_each_call(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite3"
    path.write_bytes(b"this is a letter, not a database" * 100)

    async def refused(database: Database) -> None:
        for _ in range(2):
            with pytest.raises(StoreDamaged, match="is damaged: file is not a database"):
                await database.write(add("lost"))

    with_database(path, refused)
    assert path.read_bytes().startswith(b"this is a letter")
