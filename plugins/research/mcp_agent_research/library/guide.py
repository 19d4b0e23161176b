"""The guide that comes with the plugin, as a document of the library: there is always something to find."""

from __future__ import annotations

import hashlib
import sqlite3
from importlib import resources

from mcp_agent import Context
from mcp_agent_research.store import sources
from mcp_agent_research.store.schema import database
from mcp_agent_research.store.sources import Taken

ADDRESS = "research://guide"


def text() -> str:
    return resources.files("mcp_agent_research").joinpath("guide.md").read_text("utf-8")


async def keep_guide(ctx: Context) -> None:
    """Put it into the index, unless it is there as it is."""
    state = ctx.state
    if state.guide_kept:
        return
    guide = await ctx.in_thread(text)
    title = guide.partition("\n")[0].strip("# ")
    digest = hashlib.sha256(guide.encode()).hexdigest()
    taken = Taken(kind="guide", address=ADDRESS, title=title, text=guide, sha256=digest)
    now = ctx.clock.time()

    def write(connection: sqlite3.Connection) -> None:
        kept = sources.add(connection, taken, now)
        old = connection.execute("select id from sources where kind = 'guide' and id != ?", (kept,))
        sources.remove(connection, [row[0] for row in old.fetchall()])

    await database(ctx).write(write)
    state.guide_kept = True
