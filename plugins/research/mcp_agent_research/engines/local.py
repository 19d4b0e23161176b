"""The local library as an engine."""

from __future__ import annotations

from mcp_agent import Context
from mcp_agent_research.engines.engine import SNIPPET, Hit
from mcp_agent_research.store import passages


async def search(ctx: Context, query: str, limit: int) -> list[Hit]:
    """One hit a document."""
    found: dict[int, Hit] = {}
    for passage in await passages.search(ctx, query, 3 * limit, kinds=("file", "guide")):
        snippet = " ".join(passage.text.split())[:SNIPPET]
        found.setdefault(passage.source, Hit(passage.title, passage.address, snippet, passage.source))
    return list(found.values())[:limit]
