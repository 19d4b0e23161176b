"""The database: reads, and writes in batches; nobody holds up the others."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import threading
from pathlib import Path

import pytest

from mcp_agent.store.database import Database
from mcp_agent.store.failures import StoreClosed, StoreFull, StoreGone
from tests.store.notes import MIGRATIONS, add, texts, with_database


def test_what_was_written_is_read(place: Path | None) -> None:
    async def work(database: Database) -> None:
        assert await database.read(texts) == []
        assert await database.write(add("one")) == 1
        assert await database.read(texts) == ["one"]

    with_database(place, work)


def test_reading_never_writes(place: Path | None) -> None:
    """In memory as on a disk, or a plugin's tests would pass where its users fail."""

    async def work(database: Database) -> None:
        for _ in range(2):  # the first goes to the writer, which makes the file
            with pytest.raises(TypeError, match=r"give it to Database\.write"):
                await database.read(add("one"))
        await database.write(add("two"))
        assert await database.read(texts) == ["two"]

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


@pytest.mark.skipif(sys.platform == "win32", reason="there an open file cannot be deleted")
@pytest.mark.parametrize("replaced", [False, True])
def test_nothing_is_written_into_a_file_that_was_deleted(tmp_path: Path, replaced: bool) -> None:
    path = tmp_path / "notes.sqlite3"

    async def work(database: Database) -> None:
        await database.write(add("one"))
        kept = path.rename(tmp_path / "kept")
        if replaced:
            path.write_bytes(b"")
        with pytest.raises(StoreGone, match="was deleted or replaced while it was open"):
            await database.write(add("two"))
        kept.replace(path)
        await database.write(add("three"))
        assert await database.read(texts) == ["one", "three"]

    with_database(path, work)


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
