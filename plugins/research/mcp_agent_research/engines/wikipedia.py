"""Wikipedia, or any other MediaWiki."""

from __future__ import annotations

import html
import re
from urllib.parse import quote

from mcp_agent import Context
from mcp_agent_research.apis import get_json, items, text
from mcp_agent_research.engines.engine import SNIPPET, Hit

_TAG = re.compile(r"<[^>]+>")


async def search(ctx: Context, query: str, limit: int) -> list[Hit]:
    base = ctx.config.engines.wikipedia.rstrip("/")
    answer = await get_json(
        ctx, f"{base}/w/api.php",
        {"action": "query", "list": "search", "format": "json", "formatversion": "2", "srsearch": query[:300],
         "srlimit": str(limit)},
    )  # fmt: skip
    return [
        Hit(title, f"{base}/wiki/{quote(title.replace(' ', '_'))}", _plain(item.get("snippet")))
        for item in items(answer, "query", "search")
        if isinstance(item, dict) and (title := text(item.get("title")))
    ][:limit]


def _plain(snippet: object) -> str:
    return html.unescape(_TAG.sub("", text(snippet)))[:SNIPPET]
