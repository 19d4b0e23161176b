"""Several facts that say the same become one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Annotated, Any

from mcp_agent import Context, Field, ToolError, Undo, tool
from mcp_agent_memory.examples import EXAMPLES
from mcp_agent_memory.store import entities, facts, history
from mcp_agent_memory.store.schema import database
from mcp_agent_memory.tools.forms import FactId, FactIds, not_current, tell


async def _merged(ctx: Context, arguments: Any, result: Any) -> Any:
    def look(connection: sqlite3.Connection) -> Any:
        names = connection.execute("select tags, entities from facts where id = ?", (arguments.keep,)).fetchone()
        states = history.states(connection, [*arguments.duplicates, arguments.keep])
        return {"states": states, "names": list(names) if names else None}

    return await database(ctx).read(look)


async def _unmerge(ctx: Context, arguments: Any, result: Any, snapshot: Any) -> None:
    def work(connection: sqlite3.Connection) -> None:
        history.set_states(connection, snapshot["states"])
        if snapshot["names"] is not None:
            _rename(connection, arguments.keep, *(json.loads(names) for names in snapshot["names"]))

    await database(ctx).write(work)
    tell(ctx)


@tool(effect="write", idempotent=True, undo=Undo(_merged, _unmerge), examples=EXAMPLES["memory_merge"])
async def memory_merge(
    ctx: Context, keep: FactId, duplicates: Annotated[FactIds, Field("Facts that say the same as keep.")]
) -> facts.Fact:
    """Make one fact of several that say the same: keep gets their tags and entities, they go into its history."""
    now = ctx.clock.time()

    def work(connection: sqlite3.Connection) -> facts.Fact:
        kept = facts.get(connection, keep)
        if kept is None or kept.superseded_by is not None:
            raise not_current(keep, kept)
        if keep in duplicates:
            raise ToolError("A fact is no duplicate of itself.", hint="Leave keep out of duplicates.")
        tags, names = list(kept.tags), list(kept.entities)
        for number in duplicates:
            fact = facts.get(connection, number)
            if fact is None or fact.superseded_by not in (None, keep):
                raise not_current(number, fact)
            tags, names = tags + fact.tags, names + fact.entities
            history.supersede(connection, number, keep, now, now)
        _rename(connection, keep, list(dict.fromkeys(tags)), list(dict.fromkeys(names)))
        found = facts.get(connection, keep)
        assert found is not None
        return found

    found = await database(ctx).write(work)
    tell(ctx, keep, *duplicates)
    return found


def _rename(connection: sqlite3.Connection, fact_id: int, tags: Sequence[str], names: Sequence[str]) -> None:
    """Give a fact other tags and entities. It is taken out and put back as it was, so that the index follows."""
    old = connection.execute("select * from facts where id = ?", (fact_id,))
    columns = [column[0] for column in old.description]
    row = dict(zip(columns, old.fetchone(), strict=True))
    mentioned = entities.mentioned_by(connection, fact_id)
    uses = connection.execute("select count, last from uses where fact = ?", (fact_id,)).fetchone()
    connection.execute("delete from facts where id = ?", (fact_id,))
    row["tags"], row["entities"] = (json.dumps(list(one), ensure_ascii=False) for one in (tags, names))
    marks = ", ".join("?" * len(columns))
    connection.execute(f"insert into facts ({', '.join(columns)}) values ({marks})", list(row.values()))
    entities.mention(connection, fact_id, names)
    entities.sweep(connection, mentioned)
    if uses is not None:
        connection.execute("insert into uses values (?, ?, ?)", (fact_id, *uses))
