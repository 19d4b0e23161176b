"""A SQLite file, opened for each call: there is nothing to keep open, and the file is always the one that is there."""

from __future__ import annotations

import contextlib
import sqlite3
import urllib.parse
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

from mcp_agent import Context, ToolError
from mcp_agent_database.engine import Cell, Changed, Column, Parameters, Plan, Relation, Suggested, Table
from mcp_agent_database.sqlite import catalog, guard
from mcp_agent_database.values import named, plain
from mcp_agent_database.words import refused

T = TypeVar("T")
_BATCH = 200
_RETURNED = 20
_ALLOWED = "db_query reads, db_execute changes rows, db_migrate changes tables."
_HINTS = {
    "no such table": "db_schemas lists them.",
    "no such column": "db_describe lists the columns of a table.",
    "Could not decode to UTF-8": "That text is damaged: ask for hex(column), or leave the column out.",
    "string or blob too big": "Ask for substr(column, 1, 1000) or length(column), or leave the column out.",
    "database is locked": "Another program is changing it: try again when it has finished.",
}
"""What to do, by what SQLite says."""


class Source(Protocol):
    """Where a database is. Opening may block, and raises ToolError."""

    def open(self, *, write: bool) -> sqlite3.Connection: ...
    def where(self) -> str: ...


class File:
    """A file in the folders of the plugin."""

    def __init__(self, ctx: Context, path: str) -> None:
        self._ctx, self._path = ctx, path

    def where(self) -> str:
        return f"SQLite file {self._ctx.folders.resolve(self._path)}"

    def open(self, *, write: bool) -> sqlite3.Connection:
        folders = self._ctx.folders
        if write:
            folders.resolve(self._path, write=True)
        with folders.open(self._path) as file:
            if file.read(16) not in (b"SQLite format 3\0", b""):
                raise ToolError(f"{self._path} is no SQLite file.")
        path = urllib.parse.quote(str(folders.real_path(self._path)))
        return sqlite3.connect(
            f"file:{path}?mode={'rw' if write else 'ro'}",
            uri=True,
            check_same_thread=False,
            isolation_level=None,
            timeout=3,
        )


class Sqlite:
    """Queries see a connection that can do nothing but read."""

    def __init__(self, ctx: Context, name: str, source: Source, writable: bool) -> None:
        self.writable = writable
        self._ctx, self._name, self._source = ctx, name, source

    async def where(self) -> str:
        return self._source.where()

    @contextlib.asynccontextmanager
    async def read(self, sql: str, parameters: Parameters = (), *, longest: int) -> AsyncIterator[_Rows]:
        connection, refusals = await self._ctx.in_thread(lambda: self._open())
        try:
            with _translated(refusals):
                rows = _Rows(self._ctx, connection)
                await rows.start(sql, parameters)
                yield rows
        finally:
            connection.interrupt()  # one that still runs in its thread, because the call was cancelled
            await self._ctx.in_thread(connection.close)

    async def relations(self) -> list[Relation]:
        return await self._with(catalog.relations)

    async def table(self, name: str) -> Table:
        return await self._with(lambda connection: catalog.table(connection, name))

    async def explain(self, sql: str, parameters: Parameters, *, run: bool) -> Plan:
        seconds = None
        if run:
            start = self._ctx.clock.monotonic()
            async with self.read(sql, parameters, longest=1000) as stream:
                rows = 0
                async for batch in stream.batches():
                    rows += len(batch)
            seconds = self._ctx.clock.monotonic() - start
        found = await self._with(
            lambda connection: connection.execute(f"EXPLAIN QUERY PLAN {sql}", tuple(parameters)).fetchall()
        )
        return catalog.plan(found, None if seconds is None else (rows, seconds))

    async def change(
        self, statements: Sequence[tuple[str, Parameters]], *, schema: bool, keep: Callable[[int], bool]
    ) -> Changed:
        if not self.writable:
            raise ToolError(
                f"{self._name} is read-only here.",
                hint="A connection with this file as its url and writable: true can be changed.",
            )
        return await self._with(lambda connection: _change(connection, statements, keep), rows=True, schema=schema)

    async def health(self) -> dict[str, Any]:
        return await self._with(catalog.health)

    async def unused(self) -> list[Suggested]:
        return []  # SQLite does not count

    async def busiest(self, limit: int) -> list[dict[str, Any]]:
        raise ToolError("SQLite does not note which queries take time.", hint="db_explain looks at one.")

    async def close(self) -> None:
        """Nothing is kept open."""

    async def _with(self, work: Callable[[sqlite3.Connection], T], *, rows: bool = False, schema: bool = False) -> T:
        def whole() -> T:
            connection, refusals = self._open(rows=rows, schema=schema)
            with contextlib.closing(connection), _translated(refusals):
                return work(connection)

        done: T = await self._ctx.in_thread(whole)
        return done

    def _open(self, *, rows: bool = False, schema: bool = False) -> tuple[sqlite3.Connection, guard.Refusals]:
        with _translated([]):
            connection = self._source.open(write=rows or schema)
            try:
                if rows:
                    connection.execute("PRAGMA foreign_keys = ON")
                    connection.execute("BEGIN IMMEDIATE")
                return connection, guard.arm(connection, self._ctx.config.seconds, rows=rows, schema=schema)
            except BaseException:
                connection.close()
                raise


class _Rows:
    """A cursor that is read in threads, a batch at a time."""

    columns: Sequence[Column] = ()

    def __init__(self, ctx: Context, connection: sqlite3.Connection) -> None:
        self._ctx, self._connection = ctx, connection
        self._cursor = connection.cursor()

    async def start(self, sql: str, parameters: Parameters) -> None:
        def work() -> None:
            self._cursor.execute(sql, tuple(parameters))

        await self._ctx.in_thread(work)
        if self._cursor.description is None:
            raise ToolError("This is no query.", hint="Queries only read: SELECT, VALUES, WITH, EXPLAIN, PRAGMA.")
        self.columns = [Column(one[0], "") for one in self._cursor.description]

    async def skip(self, rows: int) -> None:
        def work() -> None:
            for _ in range(rows):
                if self._cursor.fetchone() is None:
                    return

        await self._ctx.in_thread(work)

    async def batches(self) -> AsyncIterator[Sequence[Sequence[Cell]]]:
        while rows := await self._ctx.in_thread(self._some):
            yield rows

    def _some(self) -> list[Sequence[Cell]]:
        """Fewer where they are large. The time limit is for each lot."""
        guard.limit_time(self._connection, self._ctx.config.seconds)
        rows: list[Sequence[Cell]] = []
        size = 0
        while len(rows) < _BATCH and size < guard.LONGEST:
            row = self._cursor.fetchone()
            if row is None:
                break
            rows.append(row)
            size += sum(len(cell) for cell in row if isinstance(cell, str | bytes))
        return rows


def _change(
    connection: sqlite3.Connection, statements: Sequence[tuple[str, Parameters]], keep: Callable[[int], bool]
) -> Changed:
    affected, returned = 0, []
    for sql, parameters in statements:
        before = connection.total_changes
        cursor = connection.execute(sql, tuple(parameters))
        if cursor.description is not None:
            names = named([Column(one[0], "") for one in cursor.description])
            found = cursor.fetchall()
            returned += [dict(zip(names, map(plain, row), strict=True)) for row in found[:_RETURNED]]
        affected += max(cursor.rowcount, 0) if cursor.rowcount >= 0 else connection.total_changes - before
    kept = keep(affected)
    connection.set_authorizer(None)
    connection.execute("COMMIT" if kept else "ROLLBACK")
    return Changed(affected, kept, returned)


@contextlib.contextmanager
def _translated(refusals: guard.Refusals) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, sqlite3.Warning, OverflowError, ValueError) as error:
        if refusals:
            done = ", ".join(dict.fromkeys(refusals))
            raise ToolError(f"That is not allowed here: {done}.", hint=_ALLOWED) from None
        if "interrupted" in str(error):
            raise ToolError("It took too long.", hint="Ask for less, or see db_explain.") from None
        hint = next((hint for said, hint in _HINTS.items() if said in str(error)), None)
        raise refused("SQLite refuses this", error, hint) from None
