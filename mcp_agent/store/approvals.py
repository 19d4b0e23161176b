"""Requests for a person's consent, shared by every process of a home: asked in one, answered from any."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from mcp_agent.model import Clock
from mcp_agent.store.database import Database

Status = Literal["pending", "approved", "refused", "spent"]

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_ID_LENGTH = 10
"""Typed by people, guessed by nobody: 49 bits, good for minutes."""


class Approval(Struct, frozen=True):
    """One request. ``digest`` binds it to tool, arguments and principal; times are seconds since the epoch."""

    id: str
    tool: str
    principal: str
    digest: bytes
    summary: str
    status: Status
    created: float
    expires: float


def _create(connection: sqlite3.Connection) -> None:
    connection.execute(
        "create table approvals (id text primary key, tool text not null, principal text not null,"
        " digest blob not null, summary text not null, status text not null, created real not null,"
        " expires real not null)"
    )
    connection.execute("create index approvals_by_digest on approvals (digest, status)")


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_create,)

_COLUMNS = "id, tool, principal, digest, summary, status, created, expires"


class Approvals:
    """A request is good for one use and a limited time, and only for the call it was made for."""

    def __init__(self, database: Database, clock: Clock, *, seconds: float) -> None:
        self._database = database
        self._clock = clock
        self._seconds = seconds

    async def open(self, tool: str, principal: str, digest: bytes, summary: str) -> Approval:
        """The live request for this very call, or a new one."""
        now = self._clock.time()

        def work(connection: sqlite3.Connection) -> Approval:
            connection.execute("delete from approvals where expires < ?", (now,))
            row = connection.execute(
                f"select {_COLUMNS} from approvals where digest = ? and status in ('pending', 'approved')", (digest,)
            ).fetchone()
            if row is not None:
                return Approval(*row)
            new_id = "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))
            new = Approval(new_id, tool, principal, digest, summary, "pending", now, now + self._seconds)
            values = (new.id, tool, principal, digest, summary, new.status, new.created, new.expires)
            connection.execute(f"insert into approvals ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)", values)
            return new

        return await self._database.write(work)

    async def find(self, approval_id: str) -> Approval | None:
        """A request that is still alive, whatever its status."""
        now = self._clock.time()

        def work(connection: sqlite3.Connection) -> Approval | None:
            row = connection.execute(
                f"select {_COLUMNS} from approvals where id = ? and expires >= ?", (approval_id.upper(), now)
            ).fetchone()
            return Approval(*row) if row is not None else None

        return await self._database.read(work)

    async def pending(self) -> list[Approval]:
        """What waits for an answer, oldest first."""
        now = self._clock.time()

        def work(connection: sqlite3.Connection) -> list[Approval]:
            rows = connection.execute(
                f"select {_COLUMNS} from approvals where status = 'pending' and expires >= ? order by created", (now,)
            )
            return [Approval(*row) for row in rows]

        return await self._database.read(work)

    async def decide(self, approval_id: str, approve: bool) -> bool:
        """Answer a pending request. False when there is none of that id: expired, answered or never made."""
        return await self._move(approval_id.upper(), "pending", "approved" if approve else "refused")

    async def spend(self, approval_id: str) -> bool:
        """Use an approval. True exactly once."""
        return await self._move(approval_id, "approved", "spent")

    async def _move(self, approval_id: str, before: Status, after: Status) -> bool:
        now = self._clock.time()

        def work(connection: sqlite3.Connection) -> bool:
            changed = connection.execute(
                "update approvals set status = ? where id = ? and status = ? and expires >= ?",
                (after, approval_id, before, now),
            )
            return changed.rowcount == 1

        return await self._database.write(work)
