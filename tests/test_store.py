"""The database: batches, several processes, and nothing lost that was said to be written."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from mcp_agent.errors import AgentError
from mcp_agent.store.database import Database, Migration, StoreClosed, StoreFull
from tests.support.at_once import at_once


def _notes(connection: sqlite3.Connection) -> None:
    connection.execute("create table notes (text text not null unique)")


MIGRATIONS: list[Migration] = [_notes]


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


@pytest.fixture(params=["file", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    """Both twins must do the same."""
    return tmp_path / "notes.sqlite3" if request.param == "file" else None


def test_what_was_written_is_read(place: Path | None) -> None:
    async def work(database: Database) -> None:
        assert await database.read(texts) == []
        assert await database.write(add("one")) == 1
        assert await database.read(texts) == ["one"]

    with_database(place, work)


def test_many_at_once_share_transactions_and_keep_their_order(place: Path | None) -> None:
    async def work(database: Database) -> None:
        begun = 0

        def count(statement: str) -> None:
            nonlocal begun
            begun += statement == "begin immediate"

        await database.write(lambda connection: connection.set_trace_callback(count))
        rows = await asyncio.gather(*(database.write(add(f"note {number}")) for number in range(1000)))
        assert rows == list(range(1, 1001))
        assert await database.read(texts) == [f"note {number}" for number in range(1000)]
        assert 1 < begun < 50, "a transaction for each write, or one for ever"

    with_database(place, work)


def test_one_that_fails_takes_no_other_with_it(place: Path | None) -> None:
    def half(connection: sqlite3.Connection) -> None:
        connection.execute("insert into notes values ('half')")
        raise ValueError("in the middle")

    async def work(database: Database) -> None:
        outcomes = await asyncio.gather(
            database.write(add("first")), database.write(half), database.write(add("first")),
            database.write(add(None)), database.write(add("last")), return_exceptions=True,
        )  # fmt: skip
        assert [type(outcome) for outcome in outcomes] == [int, ValueError, *[sqlite3.IntegrityError] * 2, int]
        assert await database.read(texts) == ["first", "last"]

    with_database(place, work)


def test_who_gives_up_waiting_holds_nobody_up(place: Path | None) -> None:
    async def work(database: Database) -> None:
        task = asyncio.ensure_future(database.write(add("left alone")))
        await asyncio.sleep(0)
        task.cancel()
        assert await database.write(add("after")) is not None
        assert (await database.read(texts))[-1] == "after"

    with_database(place, work)


def test_closing_finishes_what_was_asked_and_then_refuses(place: Path | None) -> None:
    async def main() -> None:
        database = Database(place, MIGRATIONS)
        asked = [asyncio.ensure_future(database.write(add(f"note {number}"))) for number in range(100)]
        await asyncio.sleep(0)
        await database.close()
        assert len(await asyncio.gather(*asked)) == 100
        await database.close()
        with pytest.raises(StoreClosed, match="is closed"):
            await database.write(add("late"))
        with pytest.raises(StoreClosed, match="is closed"):
            await database.read(texts)

    asyncio.run(main())


def test_the_number_of_writes_that_wait_is_bounded() -> None:
    entered, gate = threading.Event(), threading.Event()

    def hold(connection: sqlite3.Connection) -> bool:
        entered.set()
        return gate.wait(30)

    async def work(database: Database) -> None:
        held = asyncio.ensure_future(database.write(hold))
        await asyncio.to_thread(entered.wait, 30)
        outcomes = asyncio.gather(*(database.write(add(str(n))) for n in range(10_500)), return_exceptions=True)
        await asyncio.sleep(0)
        gate.set()
        full = [outcome for outcome in await outcomes if isinstance(outcome, StoreFull)]
        assert len(full) == 500
        assert "10000 writes to memory are waiting already" in str(full[0])
        assert await held
        assert len(await database.read(texts)) == 10_000

    with_database(None, work)


def test_nothing_is_opened_before_it_is_used(tmp_path: Path) -> None:
    async def work(database: Database) -> None:
        pass

    with_database(tmp_path / "notes.sqlite3", work)
    assert list(tmp_path.iterdir()) == []


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    async def work(database: Database) -> None:
        await database.write(add("one"))
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            await database.read(add("two"))

    with_database(tmp_path / "notes.sqlite3", work)


def test_a_slow_reader_does_not_hold_up_writers(tmp_path: Path) -> None:
    gate = threading.Event()

    def slow(connection: sqlite3.Connection) -> list[str]:
        found = texts(connection)
        assert gate.wait(30)
        return found

    async def work(database: Database) -> None:
        await database.write(add("one"))
        reading = asyncio.ensure_future(database.read(slow))
        await database.write(add("two"))
        gate.set()
        assert (await reading)[0] == "one"

    with_database(tmp_path / "notes.sqlite3", work)


# --- migrations ----------------------------------------------------------------------------------


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

    with_database(path, write, [noted(_notes)])
    for _ in range(2):
        with_database(path, read, [noted(_notes), noted(_stars)])
    assert ran == ["_notes", "_stars"]


def test_a_file_of_a_newer_version_is_left_alone_and_said_to_be(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite3"

    async def write(database: Database) -> None:
        await database.write(add("kept"))

    async def refused(database: Database) -> None:
        for ask in (database.write(add("lost")), database.read(texts), database.write(texts)):
            with pytest.raises(AgentError, match="written by a newer version of this program; update it"):
                await ask

    with_database(path, write, [_notes, _stars])
    with_database(path, refused, [_notes])
    connection = sqlite3.connect(path)
    assert connection.execute("select text, stars from notes").fetchall() == [("kept", 3)]
    connection.close()


def test_one_that_cannot_use_a_file_does_not_keep_others_from_it(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite3"

    async def main() -> None:
        old, new = Database(path, [_notes]), Database(path, [_notes, _stars])
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

    with_database(path, refused, [_notes, _broken])
    with_database(path, write, [_notes, _stars])


def test_a_file_that_is_no_database_is_an_error_for_each_call(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite3"
    path.write_bytes(b"this is a letter, not a database" * 100)

    async def refused(database: Database) -> None:
        for _ in range(2):
            with pytest.raises(sqlite3.DatabaseError, match="not a database"):
                await database.write(add("lost"))

    with_database(path, refused)
    assert path.read_bytes().startswith(b"this is a letter")


# --- several processes ---------------------------------------------------------------------------

WRITER = """
import asyncio, pathlib, sys
from mcp_agent.store.database import Database
def create(connection):
    connection.execute("create table notes (text text not null unique)")
async def main(path, name, count):
    database = Database(pathlib.Path(path), [create])
    sys.stdout.write("ready\\n"); sys.stdout.flush(); sys.stdin.readline()
    for number in range(int(count)):
        text = f"{name} {number}"
        await database.write(lambda connection: connection.execute("insert into notes values (?)", (text,)))
        sys.stdout.write(text + "\\n"); sys.stdout.flush()
    await database.close()
asyncio.run(main(*sys.argv[1:]))
"""


def writers(path: Path, counts: dict[str, int]) -> AbstractContextManager[list[subprocess.Popen[str]]]:
    """Processes by name and number of notes."""
    return at_once([sys.executable, "-c", WRITER, str(path), name, str(count)] for name, count in counts.items())


def kept_in(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
    found = texts(connection)
    connection.close()
    return found


def test_four_processes_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite3"
    with writers(path, dict.fromkeys("abcd", 100)) as processes:
        for process in processes:
            _, errors = process.communicate(timeout=60)
            assert process.returncode == 0, errors
    assert sorted(kept_in(path)) == sorted(f"{name} {number}" for name in "abcd" for number in range(100))


def test_a_writer_that_is_killed_loses_nothing_it_was_told_is_written(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite3"
    with writers(path, {"other": 300, "killed": 1_000_000}) as (other, killed):
        assert killed.stdout is not None
        told = [killed.stdout.readline().strip() for _ in range(50)]
        killed.kill()
        told += killed.communicate(timeout=60)[0].split("\n")
        told = [line for line in told if line][:-1]  # the last line may be cut
        _, errors = other.communicate(timeout=60)
        assert other.returncode == 0, errors
    kept = kept_in(path)
    assert set(told) <= set(kept)
    assert {f"other {number}" for number in range(300)} <= set(kept)
