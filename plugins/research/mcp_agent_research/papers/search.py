"""Asks the services at once, and makes one list."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence

import msgspec

from mcp_agent import Context, ToolError
from mcp_agent_research.papers import arxiv, crossref, openalex
from mcp_agent_research.shapes import Paper, Papers

Search = Callable[[Context, str, int], Awaitable[list[Paper]]]
SERVICES: dict[str, Search] = {"openalex": openalex.search, "arxiv": arxiv.search, "crossref": crossref.search}

_RANKS = 60


async def search(ctx: Context, query: str, services: Sequence[str], limit: int) -> Papers:
    """Best first. Raises ToolError where all fail, or none is switched on."""
    chosen = [name for name in services if getattr(ctx.config.papers, name)]
    if not chosen:
        raise ToolError("No such service is switched on.", hint="The settings plugins.research.papers hold addresses.")
    outcomes = await asyncio.gather(*(_ask(ctx, SERVICES[name], query, limit) for name in chosen))
    answers = {name: out for name, out in zip(chosen, outcomes, strict=True) if isinstance(out, list)}
    failed = {name: out for name, out in zip(chosen, outcomes, strict=True) if isinstance(out, str)}
    if not answers:
        raise ToolError(" ".join(f"{name}: {why}" for name, why in failed.items()))
    return Papers(merge(answers)[:limit], failed)


def merge(answers: Mapping[str, Sequence[Paper]]) -> list[Paper]:
    """By reciprocal rank; the same DOI, or the same title of nearly the same year, is the same work."""
    together: list[tuple[float, Paper]] = []
    by_key: dict[str, int] = {}
    for papers in answers.values():
        for rank, paper in enumerate(papers, 1):
            keys = _keys(paper)
            at = next((by_key[key] for key in keys if key in by_key), None)
            if at is None:
                at = len(together)
                together.append((1 / (_RANKS + rank), paper))
            else:
                score, known = together[at]
                together[at] = (score + 1 / (_RANKS + rank), _joined(known, paper))
            by_key.update(dict.fromkeys(keys, at))
    return [paper for _, paper in sorted(together, key=lambda one: -one[0])]


def _keys(paper: Paper) -> list[str]:
    title = re.sub(r"\W+", " ", paper.title.casefold()).strip()
    years = [] if paper.year is None else [paper.year - 1, paper.year]
    return [*([paper.doi] if paper.doi else []), *(f"{title}|{year}" for year in years)]


def _joined(known: Paper, other: Paper) -> Paper:
    """The fields of the first, and what it lacks from the other."""
    lacking = {
        name: getattr(other, name)
        for name in ("authors", "year", "venue", "doi", "url", "pdf", "abstract", "cited_by")
        if not getattr(known, name)
    }
    return msgspec.structs.replace(known, **lacking, found_in=list(dict.fromkeys([*known.found_in, *other.found_in])))


async def _ask(ctx: Context, search: Search, query: str, limit: int) -> list[Paper] | str:
    try:
        return await search(ctx, query, limit)
    except ToolError as error:
        return str(error)
