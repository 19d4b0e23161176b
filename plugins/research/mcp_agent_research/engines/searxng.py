"""SearXNG: one server that asks many engines. Its JSON format must be switched on there."""

from __future__ import annotations

from mcp_agent import Context
from mcp_agent_research.apis import get_json, items, text
from mcp_agent_research.engines.engine import SNIPPET, Hit


async def search(ctx: Context, query: str, limit: int) -> list[Hit]:
    answer = await get_json(ctx, f"{ctx.config.engines.searxng.rstrip('/')}/search", {"q": query, "format": "json"})
    found = (
        Hit(text(item.get("title")), text(item.get("url")), text(item.get("content"))[:SNIPPET])
        for item in items(answer, "results")
        if isinstance(item, dict)
    )
    return [hit for hit in found if hit.address][:limit]
