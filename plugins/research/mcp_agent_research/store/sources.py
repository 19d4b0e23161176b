"""Sources: pages, files and abstracts as they were when they were taken, each with its digest and date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from mcp_agent import Context, ToolError
from mcp_agent_research.shapes import Kind, Source
from mcp_agent_research.store.cutting import cut
from mcp_agent_research.store.schema import database


class Taken(Struct, frozen=True, kw_only=True):
    """A source as it is about to be kept. ``sha256`` is of the bytes it came in."""

    kind: Kind
    address: str
    title: str
    text: str
    sha256: str
    published: str | None = None
    version: str = ""


_COLUMNS = "sources.id, kind, title, address, taken, sha256, size, published"


def add(connection: sqlite3.Connection, taken: Taken, now: float) -> int:
    """Keep a source; gives its number. One with the same content, as taken before, stays as it is."""
    known = connection.execute(
        "select id from sources where address = ? and kind = ? and sha256 = ? and current order by id desc limit 1",
        (taken.address, taken.kind, taken.sha256),
    ).fetchone()
    if known:
        connection.execute("update sources set version = ?, seen = ? where id = ?", (taken.version, now, known[0]))
        return int(known[0])
    made = connection.execute(
        "insert into sources (kind, address, title, taken, seen, published, sha256, version, size)"
        " values (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8)",
        (taken.kind, taken.address, taken.title, now, taken.published, taken.sha256, taken.version, len(taken.text)),
    ).lastrowid
    assert made is not None
    connection.executemany(
        "insert into passages (source, heading, text) values (?, ?, ?)",
        [(made, heading, text) for heading, text in cut(taken.text, taken.title)],
    )
    return made


def remove(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """A source that a job uses stays for that job, but is not found any more."""
    for source in ids:
        if connection.execute("select 1 from job_sources where source = ?", (source,)).fetchone():
            connection.execute("update sources set current = 0 where id = ?", (source,))
            continue
        connection.execute("delete from passages where source = ?", (source,))  # first: a cascade fires no trigger
        connection.execute("delete from sources where id = ?", (source,))


async def keep(ctx: Context, taken: Taken) -> int:
    """Keep one source; the oldest pages that no job uses go when there are too many."""
    now, most = ctx.clock.time(), ctx.config.web.kept_snapshots

    def write(connection: sqlite3.Connection) -> int:
        made = add(connection, taken, now)
        old = connection.execute(
            "select id from sources where kind in ('web', 'paper') and id not in (select source from job_sources)"
            " order by id desc limit -1 offset ?", (most,),
        ).fetchall()  # fmt: skip
        remove(connection, (row[0] for row in old))
        return made

    return await database(ctx).write(write)


async def get(ctx: Context, source: int) -> Source:
    """Raises ToolError where there is none of that number."""
    for found in await get_all(ctx, [source]):
        return found
    raise ToolError(f"There is no source {source}.", hint="research_sources lists those there are.")


async def get_all(ctx: Context, ids: Sequence[int]) -> list[Source]:
    """Those of these that there are."""

    def read(connection: sqlite3.Connection) -> list[Source]:
        statement = f"select {_COLUMNS} from sources where id = ?"
        found = (connection.execute(statement, (source,)).fetchone() for source in ids)
        return [_source(row) for row in found if row]

    return await database(ctx).read(read)


async def newest_number(ctx: Context) -> int:
    """The highest number that was ever given. Of those up to it some are not kept any more."""
    statement = "select coalesce(max(seq), 0) from sqlite_sequence where name = 'sources'"
    return await database(ctx).read(lambda connection: int(connection.execute(statement).fetchone()[0]))


async def newest(ctx: Context, limit: int, before: int | None, job: str | None) -> list[Source]:
    """Newest first, from below the number ``before``; of one job only, where it is named."""
    statement = (
        f"select {_COLUMNS} from sources where (?1 is null or id < ?1)"
        " and (?2 is null or id in (select source from job_sources where job = ?2)) order by id desc limit ?3"
    )
    return await database(ctx).read(
        lambda connection: [_source(row) for row in connection.execute(statement, (before, job, limit))]
    )


async def latest(ctx: Context, address: str, since: float) -> Source | None:
    """The newest page of an address, where it was seen after ``since``."""
    statement = f"select {_COLUMNS} from sources where address = ? and kind = 'web' and seen >= ? order by id desc"

    def read(connection: sqlite3.Connection) -> Source | None:
        row = connection.execute(statement, (address, since)).fetchone()
        return _source(row) if row else None

    return await database(ctx).read(read)


async def text_of(ctx: Context, source: int) -> str:
    """The whole text, as it was taken. Empty for a source that is not there."""
    statement = "select text from passages where source = ? order by id"
    return await database(ctx).read(
        lambda connection: "".join(row[0] for row in connection.execute(statement, (source,)))
    )


async def counts(ctx: Context) -> dict[str, int]:
    """How many sources there are, by kind."""
    statement = "select kind, count(*) from sources where current group by kind"
    return await database(ctx).read(lambda connection: dict(connection.execute(statement).fetchall()))


def _source(row: tuple[int, Kind, str, str, float, str, int, str | None]) -> Source:
    number, kind, title, address, taken, sha256, size, published = row
    return Source(
        id=number, kind=kind, title=title or address, address=address, sha256=sha256, size=size, published=published,
        taken=datetime.fromtimestamp(int(taken), UTC),
    )  # fmt: skip
