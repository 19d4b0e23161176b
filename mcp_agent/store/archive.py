"""The files of the audit log: the one being written, and those it was rotated into.

A rotation copies the whole live file under the write lock, then empties the table and begins it again with a row
that names the last hash. It may be killed at any point: until the lock is released the live file still has every
row, and the next rotation writes the archive of the same name again.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from mcp_agent.store.chain import KEEP, Row, Tip, begin, tip

_decode_row = msgspec.json.Decoder(Row).decode


class Files(Struct, frozen=True):
    """Where a home keeps its audit log."""

    folder: Path

    @property
    def live(self) -> Path:
        return self.folder / "audit.sqlite"

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.sqlite"

    def archives(self) -> list[Path]:
        """Oldest first: their names hold the number of their first row."""
        return sorted(self.folder.glob("audit-*.sqlite"))

    def archive(self, first_seq: int) -> Path:
        return self.folder / f"audit-{first_seq:012d}.sqlite"

    def prepare(self) -> None:
        """Make the folder and the files, for their owner only."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in (self.live, self.checkpoint):
            _create(path)


class Rotation(Struct, frozen=True):
    """When a live file is put away: above ``size`` bytes, or ``age`` seconds after its first row. 0 for never."""

    size: int
    age: float


def holds(connection: sqlite3.Connection, files: Files, noted: Tip) -> bool:
    """Whether the log, archives included, has the row that was noted."""
    query = "select hash from log where seq = ?"
    found = connection.execute(query, (noted.seq,)).fetchone()
    older = [path for path in files.archives() if path <= files.archive(noted.seq)]
    if found is None and older:
        with closing(open_readonly(older[-1])) as archive:
            found = archive.execute(query, (noted.seq,)).fetchone()
    return bool(found and found[0] == noted.hash)


def open_readonly(path: Path) -> sqlite3.Connection:
    """A connection that sees the file as it is now, and changes nothing."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.execute("pragma query_only = on")
    return connection


@contextmanager
def snapshot(files: Files) -> Iterator[tuple[sqlite3.Connection | None, list[Path]]]:
    """The live file as it is now, None where there is none, and the archives that came before it, oldest first.

    Holds whatever is written or rotated meanwhile. A rotation that was killed leaves an archive of rows that the live
    file has as well: that one is left out.
    """
    if not files.live.exists():
        yield None, files.archives()
        return
    with closing(open_readonly(files.live)) as live:
        live.execute("begin")
        if live.execute("pragma user_version").fetchone()[0] == 0:  # another process is just making it
            yield None, files.archives()
            return
        first = live.execute("select min(seq) from log").fetchone()[0]
        archives = files.archives()
        yield live, archives if first is None else [path for path in archives if path < files.archive(first)]


def rotate(connection: sqlite3.Connection, files: Files, rule: Rotation, instance: str, now: float) -> Tip | None:
    """Put the live file away if it is due, and give the new first row. Runs in a transaction that wrote nothing yet."""
    first = connection.execute("select seq, row from log order by seq limit 1").fetchone()
    last = tip(connection)
    if first is None or last is None or last.seq == first[0] or not _due(connection, rule, first[1], now):
        return None
    _copy(files.live, files.archive(first[0]), last)
    connection.execute("drop trigger log_loses_no_rows")
    connection.execute("delete from log")
    connection.execute(KEEP)
    return begin(connection, instance, now, last)


def _due(connection: sqlite3.Connection, rule: Rotation, first_row: str, now: float) -> bool:
    if rule.age and now - _decode_row(first_row).at > rule.age:
        return True
    page, pages, free = (
        connection.execute(f"pragma {name}").fetchone()[0] for name in ("page_size", "page_count", "freelist_count")
    )
    return bool(rule.size and (pages - free) * page > rule.size)


def _copy(live: Path, archive: Path, last: Tip) -> None:
    unfinished = archive.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    _create(unfinished)
    with closing(sqlite3.connect(live)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
        target.execute("pragma journal_mode = delete")  # one file, readable where nothing may be written
        if tip(target) != last:
            raise sqlite3.OperationalError("the copy of the audit log does not end where the log does")
    os.replace(unfinished, archive)
    if hasattr(os, "O_DIRECTORY"):  # the name must survive a power cut before the rows are deleted
        folder = os.open(archive.parent, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(folder)
        os.close(folder)


def _create(path: Path) -> None:
    """An empty file for its owner only. One that exists is not even opened: closing it would drop SQLite's locks."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return
