"""A database of several processes loses nothing that was said to be written."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path

from tests.store.notes import texts
from tests.support.at_once import at_once

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
