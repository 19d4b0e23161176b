"""Papers as something that a research reads: the work itself where it is open, else its abstract."""

from __future__ import annotations

import hashlib

from mcp_agent import Context
from mcp_agent_research.jobs.job import Candidate
from mcp_agent_research.papers.search import SERVICES, search
from mcp_agent_research.shapes import Paper
from mcp_agent_research.store import sources
from mcp_agent_research.store.sources import Taken

_RANKS = 60
_NAMED = 3


async def find(ctx: Context, query: str, limit: int) -> tuple[list[Candidate], dict[str, str]]:
    """Candidates, best first, and why which service could not answer. Raises ToolError where none could."""
    found = await search(ctx, query, list(SERVICES), limit)
    papers = [paper for paper in found.papers if paper.title and (paper.pdf or paper.url)]
    return [_candidate(paper, 1 / (_RANKS + rank)) for rank, paper in enumerate(papers, 1)], found.failed


async def keep_abstract(ctx: Context, candidate: Candidate) -> int:
    """The abstract as a source of its own. Gives its number."""
    text = candidate.abstract
    taken = Taken(
        kind="paper", address=candidate.address, title=f"{candidate.title}, abstract", text=text,
        published=candidate.published, sha256=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip
    return await sources.keep(ctx, taken)


def _candidate(paper: Paper, score: float) -> Candidate:
    names = ", ".join(paper.authors[:_NAMED]) + (" et al." if len(paper.authors) > _NAMED else "")
    said = ", ".join(filter(None, [names, paper.venue]))
    return Candidate(
        paper.pdf or paper.url, f"{paper.title} ({said})" if said else paper.title, score,
        abstract=paper.abstract, published=None if paper.year is None else str(paper.year), paper=True,
    )  # fmt: skip
