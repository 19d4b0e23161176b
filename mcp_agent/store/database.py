"""A SQLite database for asyncio: one writer thread with batched commits, readers beside it.

Several processes may use one file: WAL, and writers wait for each other. Without a path it lives in memory, for
tests and for hosts that keep nothing.
"""

from __future__ import annotations

import asyncio
import functools
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal, TypeVar

from mcp_agent.errors import AgentError
from mcp_agent.store.failures import StoreClosed, StoreFull, StoreGone, file_of, told

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]
Migration = Callable[[sqlite3.Connection], None]
"""Brings the schema from one version to the next. Runs in a transaction; never edited once released."""

_WAIT = 30.0
"""Seconds to wait for another process that is writing."""
_AGAIN = 0.01
"""Seconds between two tries to open a file that several processes are making."""
_BATCH = 500
_READERS = 2


class Database:
    """Opened on first use. ``read`` and ``write`` take a function that gets a connection, and await its value.

    With ``synchronous`` full, what was written survives a power cut as well, for one fsync a commit.
    """

    def __init__(
        self, path: Path | None, migrations: Sequence[Migration], *, synchronous: Literal["normal", "full"] = "normal"
    ) -> None:
        self._path = path
        self._synchronous = synchronous
        self._migrations = migrations
        self._opened: threading.Thread | None = None
        self._closed = False
        self._queue: queue.Queue[tuple[Work[Any], asyncio.Future[Any], asyncio.AbstractEventLoop] | None]
        self._queue = queue.Queue(maxsize=10_000)
        self._readers = ThreadPoolExecutor(_READERS, f"{self._name}-reader")
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._ready = threading.Event()
        self._broken: Exception | None = None
        self._file: tuple[int, int] | None = None

    @property
    def _name(self) -> str:
        return self._path.stem if self._path else "memory"

    async def write(self, work: Work[T]) -> T:
        """Run in a transaction on the writer thread. When this returns, the change survives
        the end of the process, however it comes."""
        if self._closed:
            raise StoreClosed(f"{self._name} is closed")
        if self._opened is None:
            self._opened = threading.Thread(target=self._write_loop, name=f"{self._name}-writer", daemon=True)
            self._opened.start()
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        try:
            self._queue.put_nowait((work, done, loop))
        except queue.Full:
            raise StoreFull(
                f"{self._queue.maxsize} writes to {self._name} are waiting already; try again soon"
            ) from None
        return await done

    async def erase(self, work: Work[T]) -> T:
        """Like ``write``, for what must leave no byte behind: afterwards the log of writes, which holds old pages, is
        emptied. A process that is reading at that moment delays that until its next commit."""
        done = await self.write(work)
        await self.read(_empty_log)
        return done

    async def read(self, work: Work[T]) -> T:
        """Run on a reader: it sees every write that has returned."""
        if self._closed:
            raise StoreClosed(f"{self._name} is closed")
        if self._path is None or not self._ready.is_set():
            # in memory there is one connection; and the writer creates the file
            return await self.write(functools.partial(_only_reading, work))
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._read, work)

    async def close(self) -> None:
        """Finish what was asked, then close."""
        if self._closed:
            return
        self._closed = True
        loop = asyncio.get_running_loop()
        if self._opened is not None:
            self._queue.put(None)
            await loop.run_in_executor(None, self._opened.join)
        self._readers.shutdown(wait=True)
        for connection in self._connections:
            connection.close()

    def _read(self, work: Work[T]) -> T:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            assert self._path is not None
            connection = self._local.connection = self._connect(self._path)
            connection.execute("pragma query_only = on")
            self._connections.append(connection)
        try:
            return _looked(work, connection)
        except sqlite3.DatabaseError as error:
            raise self._told(error) from None

    def _connect(self, path: Path | str) -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
        connection.execute("pragma foreign_keys = on")
        connection.execute(f"pragma synchronous = {self._synchronous}")
        connection.execute("pragma secure_delete = on")  # what is deleted is overwritten in the file
        return connection

    # --- the writer thread -----------------------------------------------------------------------

    def _write_loop(self) -> None:
        connection: sqlite3.Connection | None = None
        try:
            connection = self._open()
            self._file = None if self._path is None else file_of(self._path)
            self._ready.set()
        except (sqlite3.Error, AgentError) as error:
            self._broken = self._told(error)
        while (first := self._queue.get()) is not None:
            batch = [first]
            while len(batch) < _BATCH:
                try:
                    item = self._queue.get_nowait()
                except queue.Empty:
                    break
                if item is None:
                    self._queue.put(None)
                    break
                batch.append(item)
            broken = self._broken or self._gone()
            if connection is None or broken is not None:
                for _, done, loop in batch:
                    _resolve(loop, done, None, broken)
            else:
                self._commit(connection, batch)
        if connection is not None:
            connection.close()

    def _open(self) -> sqlite3.Connection:
        """A connection to a file that is up to date. Processes that all make it at once try until they can.

        SQLite does not wait for others by itself where a file becomes a WAL file: one of them fails at once.
        """
        until = time.monotonic() + _WAIT
        while True:
            connection = self._connect(self._path or ":memory:")
            try:
                if self._path is not None:
                    connection.execute("pragma journal_mode = wal")
                self._migrate(connection)
                return connection
            except (sqlite3.Error, AgentError) as error:
                connection.close()  # and with it the lock, which others are waiting for
                busy = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() >= until:
                    raise
            time.sleep(_AGAIN)

    def _told(self, error: Exception) -> Exception:
        return error if self._path is None else told(self._path, error)

    def _gone(self) -> StoreGone | None:
        if self._path is None or file_of(self._path) == self._file:
            return None
        return StoreGone(f"{self._path} was deleted or replaced while it was open; start this program again")

    def _commit(self, connection: sqlite3.Connection, batch: list[Any]) -> None:
        outcomes: list[tuple[Any, Exception | None]] = []
        try:
            connection.execute("begin immediate")
            for work, _, _ in batch:
                connection.execute("savepoint one")
                try:
                    outcomes.append((work(connection), None))
                except Exception as error:  # noqa: BLE001  handed to whoever asked; the others go on
                    connection.execute("rollback to one")
                    outcomes.append((None, self._told(error)))
                connection.execute("release one")
            connection.execute("commit")
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("rollback")
            outcomes = [(None, self._told(error))] * len(batch)
        for (_, done, loop), (value, failure) in zip(batch, outcomes, strict=True):
            _resolve(loop, done, value, failure)

    def _migrate(self, connection: sqlite3.Connection) -> None:
        connection.execute("begin immediate")
        version = connection.execute("pragma user_version").fetchone()[0]
        if version > len(self._migrations):
            raise AgentError(
                f"{self._path} was written by a newer version of this program; update it, or move the file away"
            )
        for migration in self._migrations[version:]:
            migration(connection)
        connection.execute(f"pragma user_version = {len(self._migrations)}")
        connection.execute("commit")


def _only_reading(work: Work[T], connection: sqlite3.Connection) -> T:
    """As on a reader, so that what works in a test works on a disk."""
    connection.execute("pragma query_only = on")
    try:
        return _looked(work, connection)
    finally:
        connection.execute("pragma query_only = off")


def _looked(work: Work[T], connection: sqlite3.Connection) -> T:
    try:
        return work(connection)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_READONLY:
            raise TypeError("Database.read got work that writes: give it to Database.write") from error
        raise


def _empty_log(connection: sqlite3.Connection) -> None:
    """The write-ahead log still holds old pages: move it into the file and cut it off. In memory there is none."""
    if not connection.in_transaction:
        connection.execute("pragma wal_checkpoint(truncate)").fetchall()


def _resolve(loop: asyncio.AbstractEventLoop, done: asyncio.Future[Any], value: Any, error: Exception | None) -> None:
    def settle() -> None:
        if not done.done():
            if error is not None:
                done.set_exception(error)
            else:
                done.set_result(value)

    try:
        loop.call_soon_threadsafe(settle)
    except RuntimeError:  # the loop is closed: nobody waits any more
        return
