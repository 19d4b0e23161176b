"""arXiv: preprints. Its interface answers with an Atom feed."""

from __future__ import annotations

import re
from typing import Any

from mcp_agent import Context, UpstreamError
from mcp_agent_research.apis import get_bytes, text
from mcp_agent_research.papers.paper import MOST_AUTHORS, abstract, doi_or_none
from mcp_agent_research.shapes import Paper

_NAMES = {"a": "http://www.w3.org/2005/Atom", "x": "http://arxiv.org/schemas/atom"}
_MOST_WORDS = 12


async def search(ctx: Context, query: str, limit: int) -> list[Paper]:
    words = re.findall(r"\w+", query)[:_MOST_WORDS]
    body = await get_bytes(
        ctx, f"{ctx.config.papers.arxiv.rstrip('/')}/api/query",
        {"search_query": " AND ".join(f"all:{word}" for word in words), "max_results": str(limit)},
        {"Accept": "application/atom+xml"},
    )  # fmt: skip
    found: list[Paper] = await ctx.in_thread(lambda: _papers(body))
    return found


def _papers(body: bytes) -> list[Paper]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        feed = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise UpstreamError(f"arXiv did not answer with a feed: {error}.", host="arxiv") from None
    return [_paper(entry) for entry in feed.findall("a:entry", _NAMES)]


def _paper(entry: Any) -> Paper:
    def of(path: str) -> str:
        return text(entry.findtext(path, "", _NAMES))

    links = {link.get("title") or link.get("rel"): link.get("href") for link in entry.findall("a:link", _NAMES)}
    year = of("a:published")[:4]
    return Paper(
        title=of("a:title"),
        authors=[text(name.text) for name in entry.findall("a:author/a:name", _NAMES)][:MOST_AUTHORS],
        year=int(year) if year.isdecimal() else None,
        venue=of("x:journal_ref") or "arXiv",
        doi=doi_or_none(of("x:doi")),
        url=links.get("alternate") or of("a:id"),
        pdf=links.get("pdf"),
        abstract=abstract(of("a:summary")),
        found_in=["arxiv"],
    )
