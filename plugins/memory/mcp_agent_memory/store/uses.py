"""How often facts are asked for. Noted many at a time: a crash may lose some, which costs nothing."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence

from mcp_agent import Context
from mcp_agent_memory.store.schema import database

_TOGETHER = 200


async def note(ctx: Context, ids: Sequence[int]) -> None:
    """These were given as an answer."""
    from mcp_agent_memory.retrieve.vectors import meaning

    waiting = meaning(ctx).uses
    waiting.update(ids)
    if len(waiting) >= _TOGETHER:
        await flush(ctx, waiting)


async def flush(ctx: Context, waiting: Counter[int]) -> None:
    """Write what waits."""
    if not waiting:
        return
    now = ctx.clock.time()
    rows = [(count, now, fact_id) for fact_id, count in waiting.items()]
    waiting.clear()

    def write(connection: sqlite3.Connection) -> None:
        connection.executemany(
            "insert into uses select id, ?, ? from facts where id = ?"
            " on conflict (fact) do update set count = count + excluded.count, last = excluded.last",
            rows,
        )

    await database(ctx).write(write)
