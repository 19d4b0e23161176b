"""A plugin whose writes can be undone: it puts things on shelves, in a database of its own."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

from mcp_agent import Context, PluginInfo, ToolError, Undo, hookimpl, tool
from mcp_agent.store.database import Database

held = asyncio.Event()
"""Set when a call of shelf_hold has changed something and waits for ever."""
broken: set[str] = set()
"""What fails now: ``look`` (the snapshot), ``restore``."""


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("create table shelf (place text primary key, thing text not null)")
    connection.execute("create table box (id integer primary key autoincrement, label text not null)")


def database(ctx: Context) -> Database:
    return ctx.database("shelf", [_create])


async def on_place(ctx: Context, arguments: Any, result: Any) -> Any:
    if "look" in broken:
        raise LookupError("dark")
    rows = await database(ctx).read(
        lambda connection: connection.execute("select thing from shelf where place = ?", (arguments.place,)).fetchall()
    )
    return rows[0][0] if rows else None


async def put_back(ctx: Context, arguments: Any, result: Any, snapshot: Any) -> None:
    if "restore" in broken:
        raise ToolError("The ladder is gone.")
    await write(ctx, arguments.place, snapshot)


async def with_label(ctx: Context, arguments: Any, result: Any) -> Any:
    rows = await database(ctx).read(
        lambda connection: connection.execute("select id from box where label = ?", (arguments.label,)).fetchall()
    )
    return [row[0] for row in rows]


async def boxes_back(ctx: Context, arguments: Any, result: Any, snapshot: Any) -> None:
    def work(connection: sqlite3.Connection) -> None:
        connection.execute("delete from box where label = ?", (arguments.label,))
        rows = [(number, arguments.label) for number in snapshot]
        connection.executemany("insert into box (id, label) values (?, ?)", rows)

    await database(ctx).write(work)


async def write(ctx: Context, place: str, thing: str | None) -> None:
    def work(connection: sqlite3.Connection) -> None:
        if thing is None:
            connection.execute("delete from shelf where place = ?", (place,))
        else:
            connection.execute("insert or replace into shelf values (?, ?)", (place, thing))

    await database(ctx).write(work)


PLACE = Undo(on_place, put_back)


@tool(effect="read")
async def shelf_list(ctx: Context) -> dict[str, str]:
    """Everything on the shelves, by place."""
    return await database(ctx).read(lambda connection: dict(connection.execute("select place, thing from shelf")))


@tool(effect="read")
async def shelf_boxes(ctx: Context) -> list[str]:
    """The labels of all boxes, oldest first."""
    return await database(ctx).read(
        lambda connection: [row[0] for row in connection.execute("select label from box order by id")]
    )


@tool(effect="write", undo=PLACE, idempotent=True)
async def shelf_put(ctx: Context, place: str, thing: str) -> str:
    """Put a thing on a place, in the place of what is there."""
    await write(ctx, place, thing)
    return f"{thing} is on {place}."


@tool(effect="write", undo=PLACE, idempotent=True)
async def shelf_clear(ctx: Context, place: str) -> str:
    """Take away what is on a place."""
    await write(ctx, place, None)
    return f"{place} is empty."


@tool(effect="write", undo=Undo(with_label, boxes_back))
async def shelf_new_box(ctx: Context, label: str) -> int:
    """Make a box; gives its number."""

    def work(connection: sqlite3.Connection) -> int:
        return connection.execute("insert into box (label) values (?)", (label,)).lastrowid or 0

    return await database(ctx).write(work)


@tool(effect="write", undo=PLACE)
async def shelf_fail(ctx: Context, place: str, thing: str | None = None) -> str:
    """Fail; with a thing, only after it was put there."""
    if thing is not None:
        await write(ctx, place, thing)
    raise ToolError("It fell down.")


@tool(effect="write", undo=PLACE)
async def shelf_hold(ctx: Context, place: str, thing: str) -> str:
    """Put a thing on a place, and never end."""
    await write(ctx, place, thing)
    held.set()
    await asyncio.Event().wait()
    return "never"


@tool(effect="write", undo=PLACE)
async def shelf_ask(ctx: Context, place: str, thing: str) -> str:
    """Put a thing on a place, when the person says so."""
    if not (await ctx.elicit(f"Put {thing} on {place}?")).accepted:
        return "Nothing was done."
    await write(ctx, place, thing)
    return "Done so."


@tool(effect="write", undo="impossible")
async def shelf_ring(place: str = "door") -> str:
    """Ring a bell, which nobody can take back."""
    return "Ding."


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(prefix="shelf")


@hookimpl
def mcp_agent_tools() -> list[object]:
    return [
        shelf_list, shelf_boxes, shelf_put, shelf_clear, shelf_new_box, shelf_fail, shelf_hold, shelf_ask, shelf_ring,
    ]  # fmt: skip
