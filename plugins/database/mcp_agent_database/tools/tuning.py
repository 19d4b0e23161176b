"""Making it faster: which indexes would help, and what takes the time."""

from __future__ import annotations

from typing import Annotated, Any

from mcp_agent import Context, Field, tool
from mcp_agent_database.desk import engine_of
from mcp_agent_database.diagrams.mermaid import full
from mcp_agent_database.engine import Suggested, Table
from mcp_agent_database.examples import EXAMPLES
from mcp_agent_database.tools.arguments import Name

_MOST_TABLES = 60


@tool(
    effect="read",
    examples=EXAMPLES["db_suggest_indexes"],
)  # fmt: skip
async def db_suggest_indexes(ctx: Context, connection: Name) -> list[Suggested]:
    """Foreign keys without an index, indexes that another one makes needless; on PostgreSQL also tables that are
    often read from their start to their end, and indexes never used. Suggestions only: db_explain shows what a
    query needs."""
    engine = engine_of(ctx, connection)
    relations = [one for one in await engine.relations() if one.kind == "table"][:_MOST_TABLES]
    found: list[Suggested] = []
    for relation in relations:
        table = await engine.table(full(relation.schema, relation.name))
        found += [*_unindexed(table), *_needless(table)]
    return found + await engine.unused()


@tool(
    effect="read",
    origin="database",
    examples=EXAMPLES["db_top_queries"],
)  # fmt: skip
async def db_top_queries(
    ctx: Context, connection: Name, limit: Annotated[int, Field("How many.", ge=1, le=100)] = 10
) -> list[dict[str, Any]]:
    """The statements that took most time, from pg_stat_statements; where that is not installed, those that run now.
    PostgreSQL only. Times in milliseconds."""
    return await engine_of(ctx, connection).busiest(limit)


def _unindexed(table: Table) -> list[Suggested]:
    name = full(table.relation.schema, table.relation.name)
    primary = [column.name for column in table.columns if column.primary_key]
    begins = [index.columns for index in table.indexes] + [primary]
    return [
        Suggested(
            f"CREATE INDEX {_quoted('_'.join([table.relation.name, *key.columns]))} "
            f"ON {_quoted(table.relation.schema, table.relation.name)} ({', '.join(map(_quoted, key.columns))})",
            f"{name} points to {key.to_table} by {', '.join(key.columns)}, and has no index for that: joins and "
            f"deletes there read all of {name}.",
        )
        for key in table.references
        if not any(set(columns[: len(key.columns)]) == set(key.columns) for columns in begins)
    ]


def _needless(table: Table) -> list[Suggested]:
    return [
        Suggested(f"DROP INDEX {_quoted(table.relation.schema, one.name)}", f"{other.name} begins with the same.")
        for one in table.indexes
        for other in table.indexes
        if one is not other and not one.unique and one.definition and " WHERE " not in one.definition.upper()
        and len(one.columns) < len(other.columns) and other.columns[: len(one.columns)] == one.columns
    ]  # fmt: skip


def _quoted(*parts: str) -> str:
    """As SQL names a thing, whatever is in its name."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts if part)
