"""Pages on the web as sources: fetched, read, and kept with digest and date."""

from __future__ import annotations

import hashlib

from msgspec import Struct

from mcp_agent import Context, ToolError
from mcp_agent_research.shapes import Source
from mcp_agent_research.store import sources
from mcp_agent_research.store.sources import Taken
from mcp_agent_research.web.fetch import Web
from mcp_agent_research.web.urls import read_url

_NAMES = {"html": "page.html", "text": "page.txt", "pdf": "page.pdf"}


class Known(Struct, frozen=True):
    """What is known of a page from elsewhere, better than it says itself."""

    title: str
    published: str | None


async def snapshot(ctx: Context, web: Web, address: str, *, fresh: bool = False, known: Known | None = None) -> Source:
    """The page at an address: as it was kept a short while ago, or, where there is none, as it is now."""
    address = str(read_url(address))
    since = ctx.clock.time() - ctx.config.web.reuse_minutes * 60
    kept = None if fresh else await sources.latest(ctx, address, since)
    if kept is not None:
        return kept
    fetched = await web.fetch(address)
    page = await ctx.state.workers.read(_NAMES[fetched.kind], fetched.body, fetched.charset)
    if not page.text:
        raise ToolError(f"There is no text in {address}.", hint="It may need a browser, or be all pictures.")
    taken = Taken(
        kind="web", address=address, title=known.title if known else page.title, text=page.text,
        published=(known and known.published) or page.published,
        sha256=hashlib.sha256(fetched.body).hexdigest(), version=fetched.url,
    )  # fmt: skip
    return await sources.get(ctx, await sources.keep(ctx, taken))
