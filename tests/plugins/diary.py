"""A plugin with private texts: the audit log keeps their length, and what is burnt leaves the undo journal."""

from __future__ import annotations

import sqlite3
from typing import Annotated, Any

from mcp_agent import Context, Field, PluginInfo, Undo, hookimpl, tool
from mcp_agent.store.database import Database


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("create table pages (day integer primary key, text text not null)")


def database(ctx: Context) -> Database:
    return ctx.database("diary", [_create])


async def _page(ctx: Context, arguments: Any, result: Any) -> Any:
    rows = await database(ctx).read(
        lambda connection: connection.execute("select text from pages where day = ?", (arguments.day,)).fetchall()
    )
    return rows[0][0] if rows else None


async def _put_back(ctx: Context, arguments: Any, result: Any, snapshot: Any) -> None:
    change, values = "delete from pages where day = ?", (arguments.day,)
    if snapshot is not None:
        change, values = "insert or replace into pages values (?, ?)", (arguments.day, snapshot)
    await database(ctx).write(lambda connection: connection.execute(change, values) and None)


@tool(effect="write", undo=Undo(_page, _put_back))
async def diary_write(ctx: Context, day: int, text: Annotated[str, Field("What happened.", private=True)]) -> str:
    """Write the page of a day, in the place of what it said."""
    await database(ctx).write(
        lambda connection: connection.execute("insert or replace into pages values (?, ?)", (day, text)) and None
    )
    return "Written."


@tool(effect="read")
async def diary_find(ctx: Context, words: Annotated[list[str], Field("Any of these.", private=True)]) -> int:
    """How many of these words are on some page."""
    return len(words)


@tool(effect="destructive")
async def diary_burn(ctx: Context, day: int) -> int:
    """Take a page away for good. Gives how many changes can no longer be undone."""
    await database(ctx).erase(lambda connection: connection.execute("delete from pages where day = ?", (day,)) and None)
    return await ctx.erase_changes(lambda change: change.arguments["day"] == day)


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(prefix="diary")


@hookimpl
def mcp_agent_tools() -> list[object]:
    return [diary_write, diary_find, diary_burn]
