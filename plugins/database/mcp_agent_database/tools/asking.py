"""Queries, samples and plans."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, tool
from mcp_agent_database.desk import desk_of, documents_of, engine_of
from mcp_agent_database.engine import Column, Engine, Parameters, Plan, Wanted
from mcp_agent_database.examples import EXAMPLES
from mcp_agent_database.tools import documents
from mcp_agent_database.tools.arguments import Name, Sql, TableName, Values
from mcp_agent_database.values import named, rough_size, short

_MOST_BYTES = 8_000_000
_LONGEST_CELL = 8_000


class Page(Struct, frozen=True, omit_defaults=True):
    """Rows of a result. ``next_offset`` is where to go on, where there is more; ``cut`` are columns with values that
    were too long to give whole."""

    columns: list[Column]
    rows: list[dict[str, Any]]
    count: int
    next_offset: int | None = None
    cut: list[str] = []


@tool(
    effect="read",
    origin="database",
    timeout=660,
    examples=EXAMPLES["db_query"],
)  # fmt: skip
async def db_query(
    ctx: Context,
    connection: Name,
    statement: Sql,
    parameters: Values = [],  # noqa: B006
    limit: Annotated[int, Field("How many rows at most.", ge=1, le=100_000)] = 1000,
    offset: Annotated[int, Field("How many rows to pass over.", ge=0, le=10_000_000)] = 0,
) -> Page:
    """Ask a SQL database something: one SELECT, WITH, VALUES, EXPLAIN or SHOW (SQLite: PRAGMA). Nothing is changed.

    Rows are objects; exact decimals are text, times ISO 8601, bytes hexadecimal. Put values into parameters. First
    db_describe for the columns; db_export writes large results into a file; db_execute changes things.
    """
    return await _page(engine_of(ctx, connection), statement, parameters, limit, offset)


@tool(
    effect="read",
    origin="database",
    examples=EXAMPLES["db_sample"],
)  # fmt: skip
async def db_sample(
    ctx: Context, connection: Name, table: TableName, rows: Annotated[int, Field("How many.", ge=1, le=100)] = 5
) -> Page:
    """A few rows of a table or collection, those the database gives first: to see what values look like."""
    if desk_of(ctx).holds_documents(connection):
        found = await documents.page(documents_of(ctx, connection).find(table, Wanted(limit=rows)), rows, 0)
        return Page([], found.documents, found.count)
    engine = engine_of(ctx, connection)
    relation = (await engine.table(table)).relation
    name = ".".join('"' + part.replace('"', '""') + '"' for part in (relation.schema, relation.name) if part)
    return await _page(engine, f"SELECT * FROM {name} LIMIT {rows}", (), rows, 0)


@tool(
    effect="read",
    timeout=660,
    examples=EXAMPLES["db_explain"],
)  # fmt: skip
async def db_explain(
    ctx: Context,
    connection: Name,
    statement: Sql,
    parameters: Values = [],  # noqa: B006
    run: Annotated[bool, Field("Also run the query, and measure it.")] = False,
) -> Plan:
    """How the database goes about a query, and what that means: full scans, wrong estimates, sorts on disk."""
    return await engine_of(ctx, connection).explain(statement, parameters, run=run)


async def _page(engine: Engine, statement: str, parameters: Parameters, limit: int, offset: int) -> Page:
    rows: list[dict[str, Any]] = []
    size, more = 0, False
    cut: set[str] = set()
    async with engine.read(statement, parameters, longest=_LONGEST_CELL) as stream:
        names = named(stream.columns)
        await stream.skip(offset)
        async for batch in stream.batches():
            for cells in batch:
                more = len(rows) >= limit or size > _MOST_BYTES
                if more:
                    break
                row = {}
                for name, cell in zip(names, cells, strict=True):
                    row[name], was_cut = short(cell, _LONGEST_CELL)
                    if was_cut:
                        cut.add(name)
                rows.append(row)
                size += rough_size(row.values())
            if more:
                break
        columns = [Column(name, column.type) for name, column in zip(names, stream.columns, strict=True)]
    return Page(columns, rows, len(rows), offset + len(rows) if more else None, sorted(cut))
