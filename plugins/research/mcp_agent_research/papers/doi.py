"""What a DOI stands for: from Crossref; where it does not know it, from the agency that registered it."""

from __future__ import annotations

from urllib.parse import quote

import msgspec

from mcp_agent import Context, ToolError
from mcp_agent_research.apis import is_not_found
from mcp_agent_research.papers import crossref
from mcp_agent_research.papers.paper import read_doi
from mcp_agent_research.shapes import Paper, Work
from mcp_agent_research.web.fetch import Web

_CSL = "application/vnd.citationstyles.csl+json"


async def look_up(ctx: Context, web: Web, text: str) -> Work:
    """Raises ToolError for a DOI that nobody registered."""
    doi = read_doi(text)
    paper = (await _of_crossref(ctx, doi) if ctx.config.papers.crossref else None) or await _of_agency(ctx, web, doi)
    paper = msgspec.structs.replace(paper, doi=doi, url=f"https://doi.org/{doi}")
    return Work(paper, cite(paper))


def cite(paper: Paper) -> str:
    names = ", ".join(paper.authors[:3]) + (" et al." if len(paper.authors) > 3 else "")
    parts = [
        names,
        f"({paper.year})" if paper.year else "",
        f"{paper.title}.",
        f"{paper.venue}." if paper.venue else "",
    ]
    return " ".join(filter(None, [*parts, f"https://doi.org/{paper.doi}" if paper.doi else paper.url]))


async def _of_crossref(ctx: Context, doi: str) -> Paper | None:
    try:
        return await crossref.work(ctx, doi)
    except ToolError as error:
        if is_not_found(error):
            return None
        raise


async def _of_agency(ctx: Context, web: Web, doi: str) -> Paper:
    """The resolver sends to DataCite and others, on machines that nobody configured: so it is asked as the web is."""
    base = ctx.config.papers.doi.rstrip("/")
    if not base:
        raise ToolError(f"{doi} is not known to Crossref, and the resolver of DOIs is switched off.")
    answer = await web.ask(f"{base}/{quote(doi, safe='/')}", _CSL)
    if answer.status != 200:
        raise ToolError(f"Nobody registered {doi} (status {answer.status}).", hint="Look for the title instead.")
    try:
        return crossref.read_work(msgspec.json.decode(answer.body), "doi.org")
    except msgspec.DecodeError:
        raise ToolError(f"{doi} exists, but its agency gives no data on it.", hint="Fetch its page instead.") from None
