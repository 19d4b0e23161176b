"""Several processes that make one file at the same moment all get to use it."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mcp_agent.store.database import Database


def test_a_file_that_another_is_just_making_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "shared.sqlite"
    waited: list[float] = []
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("begin immediate")  # SQLite gives up on making it a WAL file at once, whatever its timeout

        def other_ends(seconds: float) -> None:
            waited.append(seconds)
            if other.in_transaction:
                other.execute("commit")

        monkeypatch.setattr("mcp_agent.store.database.time.sleep", other_ends)

        async def run() -> int:
            database = Database(path, [lambda connection: connection.execute("create table made (one)") and None])
            count = await database.write(lambda connection: connection.execute("insert into made values (1)").rowcount)
            await database.close()
            return count

        assert asyncio.run(run()) == 1
    assert waited
