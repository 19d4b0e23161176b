"""Jobs in the database. Whoever works on one owns it for a while, so that two hosts on one home never both do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import msgspec

from mcp_agent import Context, ToolError
from mcp_agent_research.jobs.job import Job
from mcp_agent_research.shapes import Status
from mcp_agent_research.store.schema import database

_KEPT = 200
_MARGIN = 60.0


class NotOurs(Exception):
    """The job was stopped, or somebody else goes on with it."""


async def create(ctx: Context, job: Job, owner: str) -> None:
    """Keep a new job, owned; the oldest that are over go when there are too many."""
    now = ctx.clock.time()

    def write(connection: sqlite3.Connection) -> None:
        connection.execute(
            "insert into jobs (id, created, status, state, owner, owned_until) values (?, ?, ?, ?, ?, ?)",
            (job.id, now, job.status, msgspec.json.encode(job), owner, now + _lease(ctx)),
        )
        old = connection.execute(
            "select id from jobs where status != 'running' order by created desc limit -1 offset ?", (_KEPT,)
        ).fetchall()
        for row in old:
            connection.execute("delete from jobs where id = ?", row)

    await database(ctx).write(write)


async def save(ctx: Context, job: Job, owner: str) -> None:
    """Write down where the job is. Raises NotOurs where it is no longer this owner's."""
    now = ctx.clock.time()

    def write(connection: sqlite3.Connection) -> bool:
        mine = connection.execute(
            "update jobs set state = ?, status = ?, owned_until = ? where id = ? and owner = ? and status = 'running'",
            (msgspec.json.encode(job), job.status, now + _lease(ctx), job.id, owner),
        ).rowcount
        connection.executemany(
            "insert or ignore into job_sources (job, source) select ?, id from sources where id = ?",
            [(job.id, source) for source in job.sources] if mine else [],
        )
        return bool(mine)

    if not await database(ctx).write(write):
        raise NotOurs(job.id)


async def claim(ctx: Context, job: str, owner: str) -> Job | None:
    """Take over a running job that nobody owns any more; None for any other."""
    now = ctx.clock.time()

    def write(connection: sqlite3.Connection) -> Job | None:
        mine = connection.execute(
            "update jobs set owner = ?1, owned_until = ?2 where id = ?3 and status = 'running'"
            " and (owner is null or owner = ?1 or owned_until < ?4)", (owner, now + _lease(ctx), job, now),
        ).rowcount  # fmt: skip
        return _read(connection, job) if mine else None

    return await database(ctx).write(write)


async def release(ctx: Context, owner: str) -> None:
    """Leave all jobs of an owner to whoever comes next."""
    await database(ctx).write(
        lambda connection: connection.execute("update jobs set owner = null where owner = ?", (owner,))
    )


async def get(ctx: Context, job: str) -> Job:
    """Raises ToolError where there is none of that name."""
    found = await database(ctx).read(lambda connection: _read(connection, job))
    if found is None:
        raise ToolError(f"There is no research {job!r}.", hint="research_status without arguments lists them.")
    return found


async def change(ctx: Context, job: str, work: Callable[[Job], None]) -> Job:
    """Change a job whoever owns it; the owner finds out when it next writes. Raises ToolError where there is none."""

    def write(connection: sqlite3.Connection) -> Job | None:
        found = _read(connection, job)
        if found is not None:
            work(found)
            connection.execute(
                "update jobs set state = ?, status = ?, owner = null where id = ?",
                (msgspec.json.encode(found), found.status, job),
            )
        return found

    found = await database(ctx).write(write)
    return found or await get(ctx, job)


async def newest(ctx: Context, limit: int, status: Status | None = None) -> list[Job]:
    """Newest first."""
    statement = "select state from jobs where ?1 is null or status = ?1 order by created desc, rowid desc limit ?2"
    return await database(ctx).read(
        lambda connection: [
            msgspec.json.decode(row[0], type=Job) for row in connection.execute(statement, (status, limit))
        ]
    )


def _lease(ctx: Context) -> float:
    """Seconds that a job stays owned after it was last written down: longer than any step takes."""
    settings = ctx.config
    return float(_MARGIN + max(settings.model.seconds, settings.web.seconds + settings.library.seconds))


def _read(connection: sqlite3.Connection, job: str) -> Job | None:
    row = connection.execute("select state from jobs where id = ?", (job,)).fetchone()
    return msgspec.json.decode(row[0], type=Job) if row else None
