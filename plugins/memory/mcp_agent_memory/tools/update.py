"""A newer version of a fact."""

from __future__ import annotations

import sqlite3
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, Undo, tool
from mcp_agent_memory.examples import EXAMPLES
from mcp_agent_memory.guard import masked
from mcp_agent_memory.moments import period_of
from mcp_agent_memory.store import facts, history
from mcp_agent_memory.store.drafts import Draft
from mcp_agent_memory.store.schema import database
from mcp_agent_memory.tools.forms import FactId, When, Words, not_current, refuse_secrets, tell


class Updated(Struct, frozen=True):
    """``id`` is the number of the new fact, ``was`` that of the one it took the place of."""

    id: int
    was: int


async def _versions(ctx: Context, arguments: Any, result: Any) -> Any:
    """How the old fact is, and what there is of the new one."""
    refuse_secrets([arguments.text])

    def look(connection: sqlite3.Connection) -> Any:
        draft = _next(connection, arguments.id, arguments.text, arguments.since)
        made = [] if draft is None else history.made(connection, [draft])
        return {"old": history.states(connection, [arguments.id]), "new": made}

    return await database(ctx).read(look)


async def _put_back(ctx: Context, arguments: Any, result: Any, snapshot: Any) -> None:
    from mcp_agent_memory.retrieve import vectors

    def work(connection: sqlite3.Connection) -> list[int]:
        draft = _next(connection, arguments.id, arguments.text, arguments.since)
        gone = [] if draft is None else history.make_as(connection, [draft], snapshot["new"])
        history.set_states(connection, snapshot["old"])
        return gone

    await vectors.wipe(ctx, await database(ctx).write(work))
    tell(ctx)


@tool(
    effect="write",
    undo=Undo(_versions, _put_back),
    preview=lambda id, text, **_: f"Fact {id} becomes: {masked(text)}",
    examples=EXAMPLES["memory_update"],
)
async def memory_update(
    ctx: Context,
    id: FactId,
    text: Annotated[Words, Field("The fact as it is now, in full words.", private=True)],
    since: Annotated[When | None, Field("When it changed; now if left out.")] = None,
) -> Updated:
    """Put a newer version in the place of a fact that changed. The old one stays in the history, with its dates."""
    refuse_secrets([text])
    now = ctx.clock.time()
    changed = now if since is None else period_of(since)[0]

    def work(connection: sqlite3.Connection) -> int:
        old = facts.get(connection, id)
        if old is None or old.superseded_by is not None:
            raise not_current(id, old)
        draft = _next(connection, id, text, since)
        assert draft is not None
        if facts.known(connection, draft) is not None:
            raise ToolError("That is what is remembered already.", hint="Nothing needs to be done.")
        new = facts.add(connection, draft, now)
        history.supersede(connection, id, new, now, changed)
        return new

    new = await database(ctx).write(work)
    tell(ctx, id)
    return Updated(new, id)


def _next(connection: sqlite3.Connection, fact_id: int, text: str, since: str | None) -> Draft | None:
    """The next version: about the same, from the same."""
    old = facts.get(connection, fact_id)
    if old is None:
        return None
    begin = None if since is None else period_of(since)[0]
    return Draft(text, old.source, old.tags, old.entities, old.conversation, begin)
