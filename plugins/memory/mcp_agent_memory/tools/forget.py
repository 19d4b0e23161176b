"""What is to be forgotten: hidden, or gone from every file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Change, Context, Field, ToolError, Undo, tool
from mcp_agent_memory.examples import EXAMPLES
from mcp_agent_memory.store import facts, history
from mcp_agent_memory.store.schema import database
from mcp_agent_memory.tools.forms import FactIds, tell


class Forgotten(Struct, frozen=True, omit_defaults=True):
    """``copies`` are files of memory_export that may still hold it; ``versions`` are older versions, which stay."""

    forgotten: list[int]
    permanent: bool
    copies: list[str] = []
    versions: list[int] = []


async def _forgotten(ctx: Context, arguments: Any, result: Any) -> Any:
    return await database(ctx).read(lambda connection: history.states(connection, arguments.ids))


async def _remind(ctx: Context, arguments: Any, result: Any, snapshot: Any) -> None:
    now = await _forgotten(ctx, arguments, result)
    lost = [number for number, state in snapshot.items() if state is not None and now[number] is None]
    if lost:
        raise ToolError(f"Fact {', '.join(lost)} was forgotten for good.", hint="Nobody can bring it back.")
    await database(ctx).write(lambda connection: history.set_states(connection, snapshot))
    tell(ctx)


@tool(effect="destructive", idempotent=True, undo=Undo(_forgotten, _remind), examples=EXAMPLES["memory_forget"])
async def memory_forget(
    ctx: Context,
    ids: FactIds,
    permanent: Annotated[bool, Field("Wipe it from every file too; nothing can bring it back.")] = False,
) -> Forgotten:
    """Forget facts. They are found no more; undo brings them back, unless permanent: then no trace is left."""
    now = ctx.clock.time()

    def work(connection: sqlite3.Connection) -> tuple[list[str], list[int]]:
        states = history.states(connection, ids)
        missing = [number for number, state in states.items() if state is None or (state[3] and not permanent)]
        if missing:
            raise ToolError(
                f"There is no fact {', '.join(missing)}, so nothing was forgotten.",
                hint="memory_recall and memory_recent give the numbers of facts.",
            )
        older = [one.id for number in ids for one in history.versions(connection, number) if one.id not in ids]
        if not permanent:
            history.set_states(connection, {number: (*state[:3], now) for number, state in states.items() if state})
            return [], older
        facts.delete(connection, ids)
        return [row[0] for row in connection.execute("select path from exports order by path")], older

    texts = await database(ctx).read(lambda connection: _texts(connection, ids)) if permanent else []
    store = database(ctx)
    copies, older = await (store.erase(work) if permanent else store.write(work))
    if permanent:
        from mcp_agent_memory.retrieve import vectors

        await vectors.wipe(ctx, ids)
        await ctx.erase_changes(lambda change: _holds(change, ids, texts))
    tell(ctx, *ids)
    left: list[str] = await ctx.in_thread(lambda: [path for path in copies if Path(path).exists()])
    return Forgotten(ids, permanent, left, older)


def _texts(connection: sqlite3.Connection, ids: Sequence[int]) -> list[str]:
    marks = ",".join("?" * len(ids))
    return [row[0] for row in connection.execute(f"select text from facts where id in ({marks})", list(ids))]


def _holds(change: Change, ids: Sequence[int], texts: Sequence[str]) -> bool:
    """Whether a call was about one of the facts, or its text is somewhere in what the undo journal keeps of it."""
    if change.arguments.get("id") in ids:
        return True
    waiting: list[Any] = [change.arguments, change.result, change.before, change.after]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str) and one in texts:
            return True
        waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
    return False
