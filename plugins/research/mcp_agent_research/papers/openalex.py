"""OpenAlex (openalex.org): works of all fields. A key is optional: the secret openalex_key."""

from __future__ import annotations

from typing import Any

from mcp_agent import Context
from mcp_agent_research.apis import get_json, items, optional_key, text
from mcp_agent_research.papers.paper import MOST_AUTHORS, abstract, doi_or_none
from mcp_agent_research.shapes import Paper

KEY = "openalex_key"


async def search(ctx: Context, query: str, limit: int) -> list[Paper]:
    params = {"search": query, "per-page": str(limit)}
    key = await optional_key(ctx, KEY)
    if key is not None:
        params["api_key"] = key
    if ctx.config.contact:
        params["mailto"] = ctx.config.contact
    answer = await get_json(ctx, f"{ctx.config.papers.openalex.rstrip('/')}/works", params)
    return [_paper(item) for item in items(answer, "results") if isinstance(item, dict)][:limit]


def _paper(item: dict[str, Any]) -> Paper:
    place = item.get("primary_location") or {}
    year, cited = item.get("publication_year"), item.get("cited_by_count")
    return Paper(
        title=text(item.get("display_name") or item.get("title")),
        authors=[text((one.get("author") or {}).get("display_name")) for one in items(item, "authorships")][
            :MOST_AUTHORS
        ],
        year=year if isinstance(year, int) else None,
        venue=text((place.get("source") or {}).get("display_name")),
        doi=doi_or_none(item.get("doi")),
        url=text(place.get("landing_page_url")) or text(item.get("id")),
        pdf=text(place.get("pdf_url")) or None,
        abstract=abstract(_in_order(item.get("abstract_inverted_index"))),
        cited_by=cited if isinstance(cited, int) else None,
        found_in=["openalex"],
    )


def _in_order(index: Any) -> str:
    """An abstract comes as the places of each word."""
    if not isinstance(index, dict):
        return ""
    placed = [(at, word) for word, places in index.items() for at in places if isinstance(at, int)]
    return " ".join(word for _, word in sorted(placed))
