"""Crossref: what publishers registered of the works that have a DOI."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from mcp_agent import Context
from mcp_agent_research.apis import get_json, items, text
from mcp_agent_research.papers.paper import MOST_AUTHORS, abstract, doi_or_none
from mcp_agent_research.shapes import Paper


async def search(ctx: Context, query: str, limit: int) -> list[Paper]:
    answer = await get_json(ctx, f"{_base(ctx)}/works", {"query": query, "rows": str(limit), **_polite(ctx)})
    return [read_work(item, "crossref") for item in items(answer, "message", "items") if isinstance(item, dict)][:limit]


async def work(ctx: Context, doi: str) -> Paper:
    """One work. Raises UpstreamError, with status 404 for a DOI that was not registered there."""
    answer = await get_json(ctx, f"{_base(ctx)}/works/{quote(doi, safe='/')}", _polite(ctx))
    return read_work(answer.get("message") if isinstance(answer, dict) else None, "crossref")


def read_work(item: Any, found_in: str) -> Paper:
    """A work in the words of Crossref, or in CSL JSON, which are nearly the same."""
    item = item if isinstance(item, dict) else {}
    cited = item.get("is-referenced-by-count")
    return Paper(
        title=_first(item.get("title")),
        authors=[_name(author) for author in items(item, "author")][:MOST_AUTHORS],
        year=_year(item),
        venue=_first(item.get("container-title")) or text(item.get("publisher")),
        doi=doi_or_none(item.get("DOI")),
        url=text(item.get("URL")),
        abstract=abstract(item.get("abstract")),
        cited_by=cited if isinstance(cited, int) else None,
        found_in=[found_in],
    )


def _base(ctx: Context) -> str:
    base: str = ctx.config.papers.crossref
    return base.rstrip("/")


def _polite(ctx: Context) -> dict[str, str]:
    return {"mailto": ctx.config.contact} if ctx.config.contact else {}


def _first(value: Any) -> str:
    return text(value[0] if isinstance(value, list) and value else value)


def _name(author: Any) -> str:
    if not isinstance(author, dict):
        return ""
    return " ".join(filter(None, (text(author.get("given")), text(author.get("family"))))) or text(author.get("name"))


def _year(item: dict[str, Any]) -> int | None:
    for key in ("issued", "published", "created"):
        parts = items(item.get(key), "date-parts")
        if parts and isinstance(parts[0], list) and parts[0] and isinstance(parts[0][0], int):
            return int(parts[0][0])
    return None
