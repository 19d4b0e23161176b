"""Papers and DOIs."""

from __future__ import annotations

from typing import Annotated, Literal

from mcp_agent import Context, Field, tool
from mcp_agent_research.examples import EXAMPLES
from mcp_agent_research.shapes import Papers, Work
from mcp_agent_research.tools.finding import Query


@tool(
    effect="read", open_world=True, origin="web", timeout=60, rate=20, cache=600, examples=EXAMPLES["research_papers"]
)
async def research_papers(
    ctx: Context,
    query: Query,
    services: Annotated[list[Literal["openalex", "arxiv", "crossref"]], Field("Which to ask; empty for all.")] = [],  # noqa: B006
    limit: Annotated[int, Field("How many papers at most.", ge=1, le=50)] = 10,
) -> Papers:
    """Search scholarly works in OpenAlex, arXiv and Crossref: authors, year, DOI, abstract, citations; each work once.

    To quote from one, read it with research_fetch (its url or pdf).
    """
    from mcp_agent_research.papers.paper import shown
    from mcp_agent_research.papers.search import SERVICES, search

    found = await search(ctx, query, list(dict.fromkeys(services)) or list(SERVICES), limit)
    return Papers([shown(paper) for paper in found.papers], found.failed)


@tool(effect="read", open_world=True, origin="web", timeout=60, cache=600, examples=EXAMPLES["research_doi"])
async def research_doi(
    ctx: Context,
    doi: Annotated[str, Field("Such as 10.1000/xyz123, with or without https://doi.org/.", max_length=300)],
) -> Work:
    """Look up a DOI: what it stands for, and a line for a list of references. Use it to check a reference."""
    from mcp_agent_research.papers.doi import look_up
    from mcp_agent_research.papers.paper import shown

    work = await look_up(ctx, ctx.state.web, doi)
    return Work(shown(work.paper), work.citation)
