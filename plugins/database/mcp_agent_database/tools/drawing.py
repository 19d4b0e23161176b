"""A picture of the tables."""

from __future__ import annotations

import functools
from typing import Annotated, Literal

from mcp_agent import Context, Field, Image, Text, ToolResult, tool
from mcp_agent_database.desk import store_of
from mcp_agent_database.diagrams.mermaid import full, mermaid
from mcp_agent_database.examples import EXAMPLES
from mcp_agent_database.tools.arguments import Name

_MOST_TABLES = 60
_DRAWN = ("table", "collection")


@tool(
    effect="read",
    examples=EXAMPLES["db_erd"],
)  # fmt: skip
async def db_erd(
    ctx: Context,
    connection: Name,
    like: Annotated[str, Field("Only tables with this in their name.", max_length=100)] = "",
    format: Annotated[Literal["mermaid", "png"], Field("png is a picture for the person.")] = "mermaid",
) -> ToolResult:
    """An entity-relationship diagram, in Mermaid or as a picture: tables, columns, keys and how they point to each
    other."""
    store = store_of(ctx, connection)
    relations = [one for one in await store.relations() if one.kind in _DRAWN and like.lower() in one.name.lower()]
    tables = [await store.table(full(one.schema, one.name)) for one in relations[:_MOST_TABLES]]
    left_out = len(relations) - len(tables)
    told = f"{len(tables)} tables{f', {left_out} more are left out: narrow it with like' if left_out else ''}."
    if format == "mermaid":
        made = mermaid(tables)
        return ToolResult(
            content=(Text(text=made), Text(text=told)),
            structured={"mermaid": made, "tables": len(tables), "more": left_out},
        )
    from mcp_agent_database.diagrams.picture import png

    picture = await ctx.in_thread(functools.partial(png, tables))
    return ToolResult(content=(Image(data=picture, mime_type="image/png"), Text(text=told)))
