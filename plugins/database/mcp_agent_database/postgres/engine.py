"""A PostgreSQL server."""

from __future__ import annotations

import contextlib
import urllib.parse
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import msgspec

from mcp_agent import Context, ToolError
from mcp_agent_database.engine import Cell, Changed, Column, Parameters, Plan, Relation, Suggested, Table
from mcp_agent_database.postgres import catalog, plans
from mcp_agent_database.postgres.guard import check_change, check_query
from mcp_agent_database.postgres.pool import Driver, Pool, not_writable
from mcp_agent_database.settings import Connection
from mcp_agent_database.values import named, plain
from mcp_agent_database.words import words

_BATCH = 200
_FIXED = words(
    """
    bool int2 int4 int8 float4 float8 numeric date time timetz timestamp timestamptz interval uuid oid inet cidr
    """
)
"""Types whose values are short. Others are cut by the server."""
_RETURNED = 20


class Postgres:
    """Every statement runs in a transaction of its own, read-only unless it is a change."""

    def __init__(self, ctx: Context, name: str, connection: Connection) -> None:
        self.writable = connection.writable
        self.pool = Pool(ctx, name, connection)
        self._name = name

    async def where(self) -> str:
        parts = urllib.parse.urlsplit(self.pool.connection.url)
        return f"PostgreSQL database {parts.path.lstrip('/') or '?'} at {parts.hostname or 'local'} as {parts.username}"

    @contextlib.asynccontextmanager
    async def read(self, sql: str, parameters: Parameters = (), *, longest: int) -> AsyncIterator[_Rows]:
        checked = check_query(sql, await self.pool.known())
        async with self.pool.transaction() as driver:
            statement = await driver.prepare(checked.text, name="")  # with a name it is closed by a message of its own
            kinds = [one.type for one in statement.get_attributes()]
            columns = [Column(one.name, _type(one.type)) for one in statement.get_attributes()]
            bounded = checked.kind == "SelectStmt" and not all(one.name in _FIXED for one in kinds)
            if bounded:
                statement = await driver.prepare(_bounded(checked.text, kinds, longest), name="")
            documents = [bounded and _is_document(one) for one in kinds]
            yield _Rows(columns, await statement.cursor(*_fitted(statement, parameters)), documents, longest)

    async def relations(self) -> list[Relation]:
        async with self.pool.transaction() as driver:
            return await catalog.relations(driver)

    async def table(self, name: str) -> Table:
        async with self.pool.transaction() as driver:
            return await catalog.table(driver, name)

    async def explain(self, sql: str, parameters: Parameters, *, run: bool) -> Plan:
        explaining = f"EXPLAIN (FORMAT JSON{', ANALYZE, BUFFERS' if run else ''}) {sql}"
        explaining = check_query(explaining, await self.pool.known()).text
        async with self.pool.transaction() as driver:
            statement = await driver.prepare(explaining, name="")
            [found] = msgspec.json.decode(await statement.fetchval(*_fitted(statement, parameters)))
        return plans.plan(found)

    async def change(
        self, statements: Sequence[tuple[str, Parameters]], *, schema: bool, keep: Callable[[int], bool]
    ) -> Changed:
        if not self.writable:
            raise not_writable(self._name)
        known = await self.pool.known()
        checked = [(check_change(sql, known, schema=schema).text, parameters) for sql, parameters in statements]
        affected, returned = 0, []
        async with self.pool.transaction(writes=True) as driver:
            for sql, parameters in checked:
                statement = await driver.prepare(sql, name="")
                rows = await statement.fetch(*_fitted(statement, parameters))
                names = named([Column(one.name, "") for one in statement.get_attributes()])
                returned += [dict(zip(names, map(plain, row), strict=True)) for row in rows[:_RETURNED]]
                affected += _affected(statement.get_statusmsg())
            kept = keep(affected)
            if kept:
                await driver.execute("COMMIT")
        return Changed(affected, kept, returned)

    async def health(self) -> dict[str, Any]:
        async with self.pool.transaction() as driver:
            found = await catalog.health(driver)
        return {**found, "connections_of_ours": self.pool.open_now()}

    async def unused(self) -> list[Suggested]:
        async with self.pool.transaction() as driver:
            return await catalog.unused(driver)

    async def busiest(self, limit: int) -> list[dict[str, Any]]:
        async with self.pool.transaction() as driver:
            return await catalog.busiest(driver, limit)

    async def close(self) -> None:
        await self.pool.close()


class _Rows:
    """A cursor inside the transaction."""

    def __init__(self, columns: Sequence[Column], cursor: Driver, documents: Sequence[bool], longest: int) -> None:
        self.columns = columns
        self._cursor, self._longest = cursor, longest
        self._documents = [number for number, one in enumerate(documents) if one]

    async def skip(self, rows: int) -> None:
        left = rows
        while left > 0:
            passed = len(await self._cursor.fetch(min(left, _BATCH)))
            if not passed:
                return
            left -= passed

    async def batches(self) -> AsyncIterator[Sequence[Sequence[Cell]]]:
        rows: Sequence[Sequence[Cell]] = [()] * _BATCH
        while len(rows) == _BATCH:  # fewer: the last ones, and no need to ask again
            rows = await self._cursor.fetch(_BATCH)
            yield [self._read(row) for row in rows] if self._documents else rows

    def _read(self, row: Sequence[Cell]) -> Sequence[Cell]:
        cells = list(row)
        for number in self._documents:
            text = cells[number]
            if text is not None and len(text) <= self._longest:  # what is longer was cut, and stays text
                cells[number] = _document(text)
        return cells


def _document(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):  # deeper, or with larger numbers, than Python reads
        return text


def _bounded(sql: str, kinds: Sequence[Any], longest: int) -> str:
    """The same query with long values cut by the server: one value may have a gigabyte."""
    wanted = ", ".join(_cut(f"c{number}", kind, longest + 1) for number, kind in enumerate(kinds))
    names = ", ".join(f"c{number}" for number in range(len(kinds)))
    return f"SELECT {wanted} FROM (\n{sql}\n) AS q({names})"


def _cut(name: str, kind: Any, most: int) -> str:
    if kind.name in _FIXED:
        return name
    if kind.name == "bytea":
        return f"pg_catalog.substring({name}, 1, {most})"
    text = f"pg_catalog.to_json({name})" if _is_document(kind) else name
    return f"pg_catalog.left({text}::pg_catalog.text, {most})"


def _is_document(kind: Any) -> bool:
    return kind.name in ("json", "jsonb", "record") or kind.kind in ("array", "composite")


def _type(kind: Any) -> str:
    """``int4[]`` rather than ``_int4``."""
    return kind.name.lstrip("_") + "[]" if kind.kind == "array" and not kind.name.endswith("[]") else str(kind.name)


def _fitted(statement: Driver, parameters: Parameters) -> list[Any]:
    """Parameters as the types that the statement wants: models write dates and numbers as text."""
    wanted = statement.get_parameters()
    if len(wanted) != len(parameters):
        raise ToolError(
            f"The statement wants {len(wanted)} parameters ($1, $2, ...), and there are {len(parameters)}.",
            hint="Put values into parameters, in their order.",
        )
    return [catalog.fitted(value, kind.name) for value, kind in zip(parameters, wanted, strict=True)]


def _affected(status: str) -> int:
    """``UPDATE 3`` is 3, ``INSERT 0 3`` too, ``CREATE TABLE`` none."""
    last = status.rsplit(" ", 1)[-1]
    return int(last) if last.isdigit() else 0
