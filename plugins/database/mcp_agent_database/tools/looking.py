"""What there is: connections, tables, columns, how it is."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, UpstreamError, tool
from mcp_agent_database.desk import EXAMPLE, Kind, desk_of, kind_of, store_of
from mcp_agent_database.engine import Relation, Table
from mcp_agent_database.examples import EXAMPLES
from mcp_agent_database.tools.arguments import Name, TableName

_ENDINGS = (".sqlite", ".sqlite3", ".db", ".db3")
_MOST_FILES = 50


class Connected(Struct, frozen=True):
    """A database that can be asked. ``writable``: whether db_execute may change it."""

    name: str
    kind: Kind
    writable: bool


class Tables(Struct, frozen=True):
    where: str
    relations: list[Relation]
    more: int


@tool(
    effect="read",
    examples=EXAMPLES["db_connections"],
)  # fmt: skip
async def db_connections(ctx: Context) -> list[Connected]:
    """List the databases that can be asked: configured connections, and SQLite files in the allowed folders.

    Begin here. Then db_schemas for the tables of one.
    """
    known = [Connected(name, kind_of(one.url), one.writable) for name, one in sorted(desk_of(ctx).configured.items())]
    if not known:
        known.append(Connected(EXAMPLE, "sqlite", False))
    return known + [Connected(path, "sqlite", False) for path in await ctx.in_thread(lambda: _files(ctx))]


@tool(
    effect="read",
    examples=EXAMPLES["db_schemas"],
)  # fmt: skip
async def db_schemas(
    ctx: Context,
    connection: Name,
    like: Annotated[str, Field("Only names with this text in them.", max_length=100)] = "",
    limit: Annotated[int, Field("How many at most.", ge=1, le=1000)] = 100,
) -> Tables:
    """Tables, views and collections with sizes in bytes and estimated rows. db_describe tells more of one."""
    store = store_of(ctx, connection)
    found = [one for one in await store.relations() if like.lower() in f"{one.schema}.{one.name}".lower()]
    return Tables(await store.where(), found[:limit], max(0, len(found) - limit))


@tool(
    effect="read",
    examples=EXAMPLES["db_describe"],
)  # fmt: skip
async def db_describe(ctx: Context, connection: Name, table: TableName) -> Table:
    """Columns, types, keys, foreign keys both ways and indexes of one table, view or collection. Use before a query."""
    return await store_of(ctx, connection).table(table)


@tool(
    effect="read",
    examples=EXAMPLES["db_health"],
)  # fmt: skip
async def db_health(ctx: Context, connection: Name) -> dict[str, Any]:
    """How a database is: version, size in bytes, connections, locks waited for, cache hits, damage, time up."""
    store = store_of(ctx, connection)
    try:
        return {"where": await store.where(), **await store.health()}
    except UpstreamError as error:
        raise ToolError(str(error), hint="Is the server running, and can it be reached from this machine?") from None


def _files(ctx: Context) -> list[str]:
    files = []
    for folder in ctx.folders.configured:
        try:
            found = list(ctx.folders.walk(str(folder.path), depth=3, most=2000))
        except ToolError:  # a folder that is not there
            continue
        files += [one.path for one in found if one.kind == "file" and one.path.lower().endswith(_ENDINGS)]
    return sorted(set(files))[:_MOST_FILES]
