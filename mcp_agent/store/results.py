"""Large results, kept for a while: whoever got the handle of one reads it from there."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from mcp_agent.errors import ToolError
from mcp_agent.model import Clock, Json
from mcp_agent.store.database import Database

T = TypeVar("T")

HANDLE = "mcp-agent://results/"


class Kept(Struct, frozen=True):
    """A result, without what it holds. ``json`` is false for plain text; ``origin`` is that of the tool that gave it;
    times are seconds since the epoch."""

    id: str
    principal: str
    tool: str
    origin: str | None
    json: bool
    size: int
    expires: float


def _create(connection: sqlite3.Connection) -> None:
    connection.execute(
        "create table results (id text primary key, principal text not null, tool text not null, origin text,"
        " json integer not null, size integer not null, expires real not null, body blob not null)"
    )
    connection.execute("create index results_by_age on results (expires)")


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_create,)

_COLUMNS = "id, principal, tool, origin, json, size, expires"


class Results:
    """``seconds`` is how long a result is kept, ``most`` how many bytes of all of them: the oldest make room."""

    def __init__(self, database: Database, clock: Clock, *, seconds: float, most: int) -> None:
        self._database = database
        self._clock = clock
        self._seconds = seconds
        self._most = most

    async def keep(self, principal: str, tool: str, origin: str | None, body: bytes, *, json: bool) -> str | None:
        """Its handle, None for one that is larger than all of them may be."""
        if len(body) > self._most:
            return None
        now = self._clock.time()
        kept = Kept(secrets.token_hex(6), principal, tool, origin, json, len(body), now + self._seconds)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("delete from results where expires < ?", (now,))
            connection.execute(
                f"insert into results ({_COLUMNS}, body) values (?, ?, ?, ?, ?, ?, ?, ?)",
                (*msgspec.structs.astuple(kept), body),
            )
            _make_room(connection, self._most)

        await self._database.write(work)
        return HANDLE + kept.id

    async def get(self, handle: str, principal: str) -> tuple[Kept, Json]:
        """What a handle stands for: a JSON value, or text. With ``#/rows/0`` at its end, that part of it (a JSON
        pointer). Raises ToolError for one that is unknown, too old, or somebody else's."""
        kept, value = await self._find(handle, principal, f"{_COLUMNS}, body", _opened)
        return kept, part_of(value, handle.partition("#")[2])

    async def origin(self, handle: str, principal: str) -> str | None:
        """That of the tool that gave it. Raises ToolError as ``get`` does."""
        return await self._find(handle, principal, "origin", lambda row: row[0])

    async def _find(self, handle: str, principal: str, columns: str, read: Callable[[tuple[Any, ...]], T]) -> T:
        """What the reader's thread makes of these columns of a result. Raises ToolError where there is none."""
        values = (handle.removeprefix(HANDLE).partition("#")[0], principal, self._clock.time())

        def work(connection: sqlite3.Connection) -> tuple[T] | None:
            where = "where id = ? and principal = ? and expires >= ?"
            row = connection.execute(f"select {columns} from results {where}", values).fetchone()
            return None if row is None else (read(row),)

        found = await self._database.read(work) if handle.startswith(HANDLE) else None
        if found is None:
            raise ToolError(
                f"There is no result {handle}: it was kept for a while only, or belongs to another client.",
                hint="Call the tool again that gave it.",
            )
        return found[0]


def _opened(row: tuple[Any, ...]) -> tuple[Kept, Json]:
    *about, body = row
    kept = msgspec.convert(dict(zip(_COLUMNS.split(", "), about, strict=True)), Kept, strict=False)
    return kept, msgspec.json.decode(body) if kept.json else body.decode()


def part_of(value: Any, pointer: str) -> Json:
    """The part of a JSON value that a JSON pointer names (RFC 6901). Raises ToolError where there is none."""
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(key)] if isinstance(value, list) and key.isdecimal() else value[key]
        except (KeyError, IndexError, TypeError):
            raise ToolError(
                f"The result has nothing at {pointer}.", hint="A pointer looks like /rows/0/name; the shape says more."
            ) from None
    return value


def _make_room(connection: sqlite3.Connection, most: int) -> None:
    total = connection.execute("select coalesce(sum(size), 0) from results").fetchone()[0]
    while total > most:
        oldest, size = connection.execute("select id, size from results order by expires, rowid limit 1").fetchone()
        connection.execute("delete from results where id = ?", (oldest,))
        total -= size
