"""Answers that may be given again, in memory and on disk. Losing them costs time, never truth."""

from __future__ import annotations

import asyncio
import functools
import logging
import sqlite3
from collections import OrderedDict
from collections.abc import Callable

from msgspec import Struct

from mcp_agent.errors import AgentError
from mcp_agent.model import Clock
from mcp_agent.store.database import Database

log = logging.getLogger(__name__)

_OVERHEAD = 200
"""Bytes that an entry takes beside the answer itself, about."""
_UNWRITTEN_BYTES = 4 * 2**20
"""What may wait for the disk; more is kept in memory only."""


class Kept(Struct, frozen=True):
    """``made`` in seconds since the epoch, by this machine's clock."""

    made: float
    answer: bytes


def _first(connection: sqlite3.Connection) -> None:
    connection.execute(
        "create table answers (key blob primary key, made real not null, expires real not null, size integer not null,"
        " answer blob not null)"
    )
    connection.execute("create index answers_by_age on answers (expires, size)")


MIGRATIONS = (_first,)


class Answers:
    """Bounded in bytes: in memory the one used longest ago goes first, on disk the one that expires first.

    ``has_secret`` tells bytes that must not be kept. Without a database there is memory only; a database that fails
    is told of once and left alone.
    """

    def __init__(
        self,
        database: Database | None,
        clock: Clock,
        *,
        memory_bytes: int,
        disk_bytes: int,
        has_secret: Callable[[bytes], bool],
    ) -> None:
        self._database = database
        self._disk = database if disk_bytes else None
        self._clock = clock
        self._memory_bytes = memory_bytes
        self._disk_bytes = disk_bytes
        self._has_secret = has_secret
        self._kept: OrderedDict[bytes, Kept] = OrderedDict()
        self._used = 0
        self._unwritten: list[tuple[bytes, float, float, int, bytes]] = []
        self._unwritten_bytes = 0
        self._writing: asyncio.Task[None] | None = None

    def get(self, key: bytes, good_for: float) -> bytes | None:
        """What memory holds, if it was made in the last ``good_for`` seconds."""
        kept = self._kept.get(key)
        if kept is None or not self._good(kept, good_for):
            return None
        self._kept.move_to_end(key)
        return kept.answer

    async def find(self, key: bytes, good_for: float) -> Kept | None:
        """What memory or disk holds, if it was made in the last ``good_for`` seconds."""
        kept = self._kept.get(key)
        if kept is not None and self._good(kept, good_for):
            return kept
        kept = await self._read(key)
        if kept is None or not self._good(kept, good_for):
            return None
        self._remember(key, kept)
        return kept

    def put(self, key: bytes, answer: bytes, good_for: float) -> None:
        """Keep an answer that was made now; on disk a moment later."""
        if self._has_secret(answer):
            return
        kept = Kept(self._clock.time(), answer)
        self._remember(key, kept)
        size = len(answer) + _OVERHEAD
        if self._disk is None or size > self._disk_bytes or self._unwritten_bytes + size > _UNWRITTEN_BYTES:
            return
        self._unwritten_bytes += size
        self._unwritten.append((key, kept.made, kept.made + good_for, size, answer))
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def close(self) -> None:
        """Write what is not written yet, and close the database."""
        if self._writing is not None:
            await self._writing
        if self._database is not None:
            await self._database.close()

    def _good(self, kept: Kept, good_for: float) -> bool:
        """A clock that was set back makes everything too old."""
        return 0 <= self._clock.time() - kept.made < good_for

    def _remember(self, key: bytes, kept: Kept) -> None:
        old = self._kept.pop(key, None)
        if old is not None:
            self._used -= len(old.answer) + _OVERHEAD
        if len(kept.answer) > self._memory_bytes // 8:  # it would push out too many others
            return
        self._kept[key] = kept
        self._used += len(kept.answer) + _OVERHEAD
        while self._used > self._memory_bytes:
            _, gone = self._kept.popitem(last=False)
            self._used -= len(gone.answer) + _OVERHEAD

    async def _read(self, key: bytes) -> Kept | None:
        if self._disk is None:
            return None
        try:
            row = await self._disk.read(
                lambda connection: connection.execute(
                    "select made, answer from answers where key = ?", (key,)
                ).fetchone()
            )
        except (sqlite3.Error, AgentError) as error:
            self._give_up(error)
            return None
        return None if row is None else Kept(*row)

    async def _write(self) -> None:
        while self._unwritten and self._disk is not None:
            rows, self._unwritten, self._unwritten_bytes = self._unwritten, [], 0
            try:
                await self._disk.write(functools.partial(_insert, rows, self._clock.time(), self._disk_bytes))
            except (sqlite3.Error, AgentError) as error:
                self._give_up(error)
        self._writing = None

    def _give_up(self, error: Exception) -> None:
        log.warning("answers are no longer kept on disk: %s", error)
        self._disk = None


def _insert(rows: list[tuple[bytes, float, float, int, bytes]], now: float, bound: int, db: sqlite3.Connection) -> None:
    """Raises sqlite3.Error. What has expired, and what is over the bound, makes room."""
    db.executemany("insert or replace into answers values (?, ?, ?, ?, ?)", rows)
    db.execute("delete from answers where expires <= ?", (now,))
    if db.execute("select total(size) from answers").fetchone()[0] > bound:
        db.execute(
            "delete from answers where rowid in (select rowid from (select rowid, sum(size) over"
            " (order by expires desc, rowid desc) as used from answers) where used > ?)",
            (bound,),
        )
