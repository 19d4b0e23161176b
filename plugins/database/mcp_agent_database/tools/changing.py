"""Changing rows and tables: tried first, then done when exactly the expected rows are affected."""

from __future__ import annotations

import functools
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_database.desk import engine_of
from mcp_agent_database.engine import Changed, Parameters
from mcp_agent_database.examples import EXAMPLES
from mcp_agent_database.tools.arguments import Name, Sql, Values

Expected = Annotated[
    int, Field("How many rows it will change, from db_try_execute. With any other number nothing is kept.", ge=0)
]
Steps = Annotated[
    list[Sql],
    Field("Statements in order: CREATE, ALTER, DROP, INSERT, UPDATE, DELETE, ...", min_length=1, max_length=100),
]


class Tried(Struct, frozen=True, omit_defaults=True):
    """What a statement would do, and where. ``returned`` are the first rows that RETURNING gave."""

    where: str
    affected: int
    returned: list[dict[str, Any]] = []


class Done(Struct, frozen=True, omit_defaults=True):
    """What a statement did, and where."""

    where: str
    affected: int
    returned: list[dict[str, Any]] = []


@tool(
    effect="write",
    undo="impossible",
    timeout=660,
    examples=EXAMPLES["db_try_execute"],
)  # fmt: skip
async def db_try_execute(
    ctx: Context,
    connection: Name,
    statement: Sql,
    parameters: Values = [],  # noqa: B006
) -> Tried:
    """Run one INSERT, UPDATE, DELETE or MERGE and roll it back: how many rows it would change. Use before db_execute.

    Rows stay as they are. Sequences move on, and triggers that reach out of the database do so. Needs a connection
    that is writable.
    """
    engine = engine_of(ctx, connection)
    changed = await engine.change([(statement, parameters)], schema=False, keep=lambda affected: False)
    return Tried(await engine.where(), changed.affected, changed.returned)


async def _in_words(
    ctx: Context,
    connection: str,
    statement: str,
    expect_rows: int,
    parameters: Parameters = (),
) -> str:
    """What the person is asked to allow: where, and what a trial that is rolled back has shown just now."""
    engine = engine_of(ctx, connection)
    changed = await engine.change([(statement, parameters)], schema=False, keep=lambda affected: False)
    values = f" with {list(parameters)}" if parameters else ""
    return f"In {await engine.where()}, run: {statement}{values}. A trial changed {changed.affected} rows."


@tool(
    effect="destructive",
    preview=_in_words,
    timeout=660,
    examples=EXAMPLES["db_execute"],
)  # fmt: skip
async def db_execute(
    ctx: Context,
    connection: Name,
    statement: Sql,
    expect_rows: Expected,
    parameters: Values = [],  # noqa: B006
) -> Done:
    """Change rows with one INSERT, UPDATE, DELETE or MERGE, for good. First db_try_execute tells how many rows.

    Rolled back when another number of rows is affected. The person is asked each time. Needs a writable connection.
    Tables are changed with db_migrate.
    """
    engine = engine_of(ctx, connection)
    keep = functools.partial(_is, expect_rows)
    changed = await engine.change([(statement, parameters)], schema=False, keep=keep)
    if not changed.kept:
        raise ToolError(
            f"{changed.affected} rows would have changed, not {expect_rows}. Nothing was kept.",
            hint="db_try_execute shows what it does now.",
        )
    return Done(await engine.where(), changed.affected, changed.returned)


@tool(
    effect="write",
    undo="impossible",
    timeout=660,
    examples=EXAMPLES["db_plan_migration"],
)  # fmt: skip
async def db_plan_migration(ctx: Context, connection: Name, up: Steps, down: Steps) -> Tried:
    """Dry run of a change of tables: all steps of ``up``, then all of ``down``, in one transaction that is rolled back.

    Proves that both work here. It takes locks while it runs. Then db_migrate. Needs a writable connection.
    """
    engine = engine_of(ctx, connection)
    changed = await _stepped(ctx, connection, [*up, *down], keep=False)
    return Tried(await engine.where(), changed.affected)


async def _migration_in_words(ctx: Context, connection: str, steps: list[str]) -> str:
    await _stepped(ctx, connection, steps, keep=False)
    listed = "; ".join(steps)
    return f"In {await engine_of(ctx, connection).where()}, run: {listed}. A trial went through and was rolled back."


@tool(
    effect="destructive",
    preview=_migration_in_words,
    timeout=660,
    examples=EXAMPLES["db_migrate"],
)  # fmt: skip
async def db_migrate(ctx: Context, connection: Name, steps: Steps) -> Done:
    """Change tables, indexes, views, and rows with them: all steps in one transaction, or none of them.

    Dry run first with db_plan_migration, steps up and down; to roll back later, call this with the steps down. The
    person is asked each time. Needs a writable connection.
    """
    changed = await _stepped(ctx, connection, steps, keep=True)
    return Done(await engine_of(ctx, connection).where(), changed.affected)


async def _stepped(ctx: Context, connection: str, steps: list[str], *, keep: bool) -> Changed:
    return await engine_of(ctx, connection).change([(one, ()) for one in steps], schema=True, keep=lambda _: keep)


def _is(expected: int, affected: int) -> bool:
    return affected == expected
