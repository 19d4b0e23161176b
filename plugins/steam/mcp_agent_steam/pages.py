"""Pages of the store that were read before, kept for a week: the store allows few questions."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from mcp_agent import Context, Database
from mcp_agent_steam.web.answers import Details
from mcp_agent_steam.web.client import SteamStore

_SECONDS = 7 * 24 * 3600.0
_MOST = 5000


def _first(connection: sqlite3.Connection) -> None:
    connection.execute("create table pages (app_id integer primary key, read real not null, page text not null)")


def _database(ctx: Context) -> Database:
    return ctx.database("pages", [_first])


async def kept(ctx: Context, app_ids: Sequence[int]) -> dict[int, Details]:
    """Those of these apps whose page was read in the last week."""
    since = ctx.clock.time() - _SECONDS

    def find(connection: sqlite3.Connection) -> list[tuple[str]]:
        wanted = msgspec.json.encode(list(app_ids)).decode()
        statement = "select page from pages where app_id in (select value from json_each(?)) and read >= ?"
        return connection.execute(statement, (wanted, since)).fetchall()

    if not app_ids:
        return {}
    found = [msgspec.json.decode(page, type=Details) for (page,) in await _database(ctx).read(find)]
    return {page.app_id: page for page in found}


async def page(ctx: Context, store: SteamStore, app_id: int) -> Details | None:
    """A page of the store, None for an app that it does not have. Its price is not kept: it changes."""
    details = await store.details(app_id)
    if details is not None:
        row = (app_id, ctx.clock.time(), msgspec.json.encode(msgspec.structs.replace(details, price=None)).decode())
        await _database(ctx).write(lambda connection: _keep(connection, row))
    return details


def _keep(connection: sqlite3.Connection, row: tuple[int, float, str]) -> None:
    connection.execute("insert or replace into pages values (?, ?, ?)", row)
    connection.execute(
        "delete from pages where app_id in (select app_id from pages order by read desc limit -1 offset ?)", (_MOST,)
    )
