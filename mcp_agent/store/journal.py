"""The undo journal: what was before each change, on disk before the change happens."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import msgspec

from mcp_agent.model import Change, ChangeState, Clock, Json
from mcp_agent.store.database import Database


def _create(connection: sqlite3.Connection) -> None:
    connection.execute(
        "create table changes (id integer primary key autoincrement, at real not null, plugin text not null,"
        " tool text not null, principal text not null, arguments blob not null, result blob, before blob not null,"
        " after blob, state text not null, undoes integer, redacted integer not null default 0)"
    )
    connection.execute("create index changes_by_state on changes (state, id)")


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_create,)

_COLUMNS = "id, at, plugin, tool, principal, arguments, result, before, after, state, undoes, redacted"
_KEPT = 10_000


class Journal:
    """Shared by every process of a home. The oldest of more than 10,000 changes are forgotten.

    ``redact`` takes secrets out of a JSON text. A change that held one is kept without it, and marked: what is missing
    cannot be put back.
    """

    def __init__(self, database: Database, clock: Clock, redact: Callable[[bytes], bytes]) -> None:
        self._database = database
        self._clock = clock
        self._redact = redact

    async def begin(
        self, plugin: str, tool: str, principal: str, arguments: bytes, before: Json, undoes: int | None = None
    ) -> int:
        """Note a change that is about to happen. When this returns it is on disk. Gives its id."""
        (given, was), redacted = self._clean(arguments, _encode(before))
        values = (self._clock.time(), plugin, tool, principal, given, was, "begun", undoes, redacted)

        def work(connection: sqlite3.Connection) -> int:
            new = connection.execute(
                "insert into changes (at, plugin, tool, principal, arguments, before, state, undoes, redacted)"
                " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            ).lastrowid
            assert new is not None
            kept = (
                _KEPT if undoes is None else 2 * _KEPT
            )  # or undoing everything would push out what is yet to be undone
            connection.execute("delete from changes where id <= ?", (new - kept,))
            return new

        return await self._database.write(work)

    async def finish(self, change_id: int, result: Json, after: Json) -> None:
        """The change happened, and this is how things are now."""
        (gave, now), redacted = self._clean(_encode(result), _encode(after))
        await self._run(
            "update changes set state = 'done', result = ?, after = ?, redacted = redacted or ? where id = ?",
            gave, now, redacted, change_id,
        )  # fmt: skip

    async def fail(self, change_id: int) -> None:
        """The tool failed. Whether something changed is found out by comparing, when somebody undoes it."""
        await self._run("update changes set state = 'failed' where id = ?", change_id)

    async def forget(self, change_id: int) -> None:
        """Nothing was changed after all."""
        await self._run("delete from changes where id = ?", change_id)

    async def erase(self, plugin: str, holds: Callable[[Change], bool]) -> int:
        """Take the changes of a plugin for which ``holds`` is true out of the journal, and out of its file. Gives how
        many there were. They cannot be undone any more."""

        def work(connection: sqlite3.Connection) -> int:
            rows = connection.execute(f"select {_COLUMNS} from changes where plugin = ?", (plugin,))
            found = [(change.id,) for change in map(_change, rows) if holds(change)]
            connection.executemany("delete from changes where id = ?", found)
            return len(found)

        return await self._database.erase(work)

    async def undone(self, change_id: int) -> None:
        """It was taken back. Where it was the undoing of another change, that one is done again, and so on."""

        def work(connection: sqlite3.Connection) -> None:
            states: tuple[ChangeState, ChangeState] = ("undone", "done")
            one: int | None = change_id
            while one is not None:
                connection.execute("update changes set state = ? where id = ?", (states[0], one))
                row = connection.execute("select undoes from changes where id = ?", (one,)).fetchone()
                one, states = row[0] if row else None, states[::-1]

        await self._database.write(work)

    async def get(self, change_id: int) -> Change | None:
        found = await self._select("where id = ?", change_id)
        return found[0] if found else None

    async def latest(self, *, count: int, since: float = 0.0) -> list[Change]:
        """Changes that can be undone, newest first. Those that undid something are left out, as is what they undid."""
        where = "where state in ('done', 'begun', 'failed') and undoes is null and at >= ? order by id desc limit ?"
        return await self._select(where, since, count)

    async def _select(self, where: str, *values: Any) -> list[Change]:
        def work(connection: sqlite3.Connection) -> list[Change]:
            rows = connection.execute(f"select {_COLUMNS} from changes {where}", values)
            return [_change(row) for row in rows]

        return await self._database.read(work)

    async def _run(self, statement: str, *values: Any) -> None:
        await self._database.write(lambda connection: connection.execute(statement, values) and None)

    def _clean(self, *texts: bytes) -> tuple[list[bytes], bool]:
        """The texts without secrets, and whether there were any."""
        clean = [self._redact(text) for text in texts]
        return clean, clean != list(texts)


def _change(row: tuple[Any, ...]) -> Change:
    names = _COLUMNS.split(", ")
    values = dict(zip(names, row, strict=True))
    for name in ("arguments", "result", "before", "after"):
        values[name] = None if values[name] is None else msgspec.json.decode(values[name])
    return Change(**{**values, "redacted": bool(values["redacted"])})


def _encode(value: Json) -> bytes:
    return msgspec.json.encode(value)
