"""The audit log being written: append-only, hash-chained, in batches, by any number of processes of one home.

Each batch links to the last row inside its own write transaction, so whichever process comes first is in order.
A row that is added is on disk within a fraction of a second; an intent is on disk, power cuts included, before
``intent`` returns.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import sqlite3
from collections import deque

from mcp_agent.errors import AgentError, ToolError
from mcp_agent.model import Clock
from mcp_agent.store import chain, checkpoint
from mcp_agent.store.archive import Files, Rotation, holds, rotate
from mcp_agent.store.chain import Entry, Redact, Tip
from mcp_agent.store.database import Database

log = logging.getLogger(__name__)

_QUEUED = 10_000
_QUEUED_BYTES = 16 * 2**20
_BATCH = 2000
_LINGER = 0.1
"""Seconds that a row may wait for company. Shorter means more commits; longer, more to lose in a crash."""
_RETRY = 1.0
_ROTATION_CHECK = 5.0


class AuditUnavailable(ToolError):
    """The audit log cannot be written, so the call was not made."""


class AuditLog:
    """``add`` takes an entry and returns at once, ``room`` waits while too many are queued, ``intent`` for the disk.

    Nothing that was added is dropped: when the disk refuses, entries stay queued and calls are refused once the
    queue is full. ``key`` gives the key of the checkpoint.
    """

    def __init__(
        self, files: Files, *, rotation: Rotation, key: checkpoint.Key, redact: Redact, clock: Clock
    ) -> None:  # fmt: skip
        self.instance = secrets.token_hex(4)
        self._files = files
        self._rotation = rotation
        self._key = key
        self._redact = redact
        self._clock = clock
        self._database = Database(files.live, [chain.create], synchronous="full")
        self._checkpoint = Database(files.checkpoint, [checkpoint.create])
        self._queue: deque[tuple[Entry, asyncio.Future[None] | None]] = deque()
        self._bytes = 0
        self._room = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._writer: asyncio.Task[None] | None = None
        self._broken: Exception | None = None
        self._urgent = False
        self._opened = False
        self._noting = True
        self._next_rotation = float("-inf")

    @property
    def full(self) -> bool:
        """Whether a call should wait for ``room`` before it begins."""
        return len(self._queue) >= _QUEUED or self._bytes >= _QUEUED_BYTES

    async def room(self) -> None:
        """Wait until there is room for another entry. Raises AuditUnavailable when the disk refuses."""
        while self.full:
            if self._broken is not None:
                raise _unavailable(self._broken)
            self._room.clear()
            await self._room.wait()

    def add(self, entry: Entry) -> None:
        """Have an entry written soon; one that tells how an intent ended, at once."""
        self._queue.append((entry, None))
        self._bytes += len(entry.arguments)
        if entry.intent is not None:
            self._urgent = True
            self._write_now()
        elif self._timer is None and self._writer is None:
            self._write_later(_LINGER)
        elif len(self._queue) == _BATCH:
            self._write_now()

    async def intent(self, entry: Entry) -> None:
        """Write an entry; when this returns it is on disk. Raises AuditUnavailable."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append((entry, written))
        self._bytes += len(entry.arguments)
        self._urgent = True
        self._write_now()
        await written

    async def close(self) -> None:
        """Write what is queued, then close. What cannot be written is lost, and said so in the log of the program."""
        while self._queue and self._broken is None:
            self._write_now()
            assert self._writer is not None
            await asyncio.wait([self._writer])
        if self._timer is not None:
            self._timer.cancel()
        if self._queue:
            log.error("%d entries of the audit log could not be written: %s", len(self._queue), self._broken)
        await self._database.close()
        await self._checkpoint.close()

    # --- inside ----------------------------------------------------------------------------------

    def _write_now(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._writer is None:
            self._writer = asyncio.get_running_loop().create_task(self._write())

    def _write_later(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._write_now)

    async def _write(self) -> None:
        self._urgent = True
        try:
            while self._urgent or len(self._queue) >= _BATCH:
                batch = [self._queue[i] for i in range(min(len(self._queue), _BATCH))]
                self._urgent = len(batch) < len(self._queue)
                reached = await self._commit([entry for entry, _ in batch])
                self._broken = None
                for entry, written in batch:
                    self._queue.popleft()
                    self._bytes -= len(entry.arguments)
                    if written is not None and not written.done():
                        written.set_result(None)
                self._room.set()
                await self._note(reached)
            if self._queue:
                self._write_later(_LINGER)
        except Exception as error:  # noqa: BLE001  whatever it is, calls that change something are refused from here
            self._failed(error)
        finally:
            self._writer = None

    async def _commit(self, entries: list[Entry]) -> Tip:
        if not self._opened:
            await self._open()
        await self._rotate()
        return await self._database.write(
            lambda connection: chain.append(connection, entries, self.instance, self._redact)
        )

    def _failed(self, error: Exception) -> None:
        """Refuse what waits; keep the rest, and try again in a while."""
        if self._broken is None:
            log.error("the audit log cannot be written: %s", error, exc_info=error)
        self._broken = error
        kept: list[tuple[Entry, asyncio.Future[None] | None]] = []
        for entry, written in self._queue:
            entry.seq = 0
            if written is None or written.done():  # done: its call was cancelled, and is told of all the same
                kept.append((entry, None))
            else:
                self._bytes -= len(entry.arguments)
                written.set_exception(_unavailable(error))
        self._queue = deque(kept)
        self._room.set()
        if kept and self._timer is None:
            self._write_later(_RETRY)

    async def _rotate(self) -> None:
        now = self._clock.monotonic()
        if now < self._next_rotation:
            return
        self._next_rotation = now + _ROTATION_CHECK

        def work(connection: sqlite3.Connection) -> Tip | None:
            return rotate(connection, self._files, self._rotation, self.instance, self._clock.time())

        try:
            await self._database.write(work)
        except (sqlite3.Error, OSError) as error:
            log.warning("the audit log could not be rotated, and grows on: %s", error)

    async def _open(self) -> None:
        self._files.prepare()
        try:
            noted = await self._checkpoint.write(lambda connection: checkpoint.read(connection, self._key))
        except AgentError as error:
            self._distrust(str(error))
        else:
            if noted is not None and not await self._database.write(lambda c: holds(c, self._files, noted)):
                self._distrust(f"The audit log does not hold row {noted.seq} as the checkpoint knows it.")
        self._opened = True

    def _distrust(self, reason: str) -> None:
        """Leave the checkpoint as it is: it is the evidence."""
        self._noting = False
        log.error("%s 'mcp-agent audit verify' says more; new calls are still written.", reason)

    async def _note(self, reached: Tip) -> None:
        if self._noting:
            try:
                await self._checkpoint.write(lambda connection: checkpoint.advance(connection, reached, self._key))
            except (sqlite3.Error, OSError) as error:
                log.warning("the checkpoint of the audit log could not be written: %s", error)


def _unavailable(error: Exception) -> AuditUnavailable:
    return AuditUnavailable(
        f"Nothing was done, because the audit log cannot be written ({error}).",
        hint="Look for a full disk, or for a data folder that may not be written.",
    )
