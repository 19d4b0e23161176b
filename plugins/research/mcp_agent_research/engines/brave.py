"""Brave Search, with a key of the person's own."""

from __future__ import annotations

import re

from mcp_agent import Context
from mcp_agent_research.apis import get_json, items, text
from mcp_agent_research.engines.engine import SNIPPET, Hit

KEY = "brave_key"
_MOST = 20


async def search(ctx: Context, query: str, limit: int) -> list[Hit]:
    key = await ctx.secrets.require(KEY)
    answer = await get_json(
        ctx, f"{ctx.config.engines.brave.rstrip('/')}/res/v1/web/search",
        {"q": query[:400], "count": str(min(limit, _MOST))}, {"X-Subscription-Token": key.reveal()},
    )  # fmt: skip
    found = (
        Hit(text(item.get("title")), text(item.get("url")), _plain(item.get("description")))
        for item in items(answer, "web", "results")
        if isinstance(item, dict)
    )
    return [hit for hit in found if hit.address][:limit]


def _plain(html: object) -> str:
    return re.sub(r"<[^>]+>", "", text(html))[:SNIPPET]
