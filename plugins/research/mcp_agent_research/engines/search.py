"""Asks several engines at once, and makes one list of what they give."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from mcp_agent import Context, ToolError
from mcp_agent_research.apis import optional_key
from mcp_agent_research.engines import brave, local, searxng, wikipedia
from mcp_agent_research.engines.engine import Engine, Hit
from mcp_agent_research.shapes import Answered, Merged
from mcp_agent_research.web.urls import canonical

_RANKS = 60
"""The constant of reciprocal rank fusion, as in the paper that proposed it (Cormack and others, 2009)."""


async def available(ctx: Context) -> dict[str, Engine]:
    """The engines that are set up, by name."""
    where = ctx.config.engines
    has_key = bool(where.brave) and await optional_key(ctx, brave.KEY) is not None
    every = [
        (bool(where.searxng), Engine("searxng", searxng.search)),
        (has_key, Engine("brave", brave.search, where.brave_price)),
        (bool(where.wikipedia), Engine("wikipedia", wikipedia.search)),
        (True, Engine("local", local.search)),
    ]
    return {engine.name: engine for there, engine in every if there}


async def search(ctx: Context, query: str, engines: Sequence[Engine], limit: int) -> Answered:
    """Best first. An engine that fails takes nothing from the others. Raises ToolError where all of them fail."""
    outcomes = await asyncio.gather(*(_ask(ctx, engine, query, limit) for engine in engines))
    answers = {engine.name: out for engine, out in zip(engines, outcomes, strict=True) if isinstance(out, list)}
    failed = {engine.name: out for engine, out in zip(engines, outcomes, strict=True) if isinstance(out, str)}
    if failed and not answers:
        raise ToolError(" ".join(f"{name}: {why}" for name, why in failed.items()))
    return Answered(merge(answers)[:limit], failed)


def merge(answers: Mapping[str, Sequence[Hit]]) -> list[Merged]:
    """Reciprocal rank fusion: what several engines put high comes first. The same page is there once."""
    together: dict[str, Merged] = {}
    for name, hits in answers.items():
        seen: set[str] = set()
        for rank, hit in enumerate(hits, 1):
            key = canonical(hit.address)
            if key in seen:
                continue
            seen.add(key)
            together[key] = _joined(together.get(key), name, hit, 1 / (_RANKS + rank))
    return sorted(together.values(), key=lambda merged: (-merged.score, merged.address))


def _joined(known: Merged | None, engine: str, hit: Hit, score: float) -> Merged:
    if known is None:
        return Merged(hit.title, hit.address, hit.snippet, [engine], round(score, 5), hit.source)
    snippet = max(known.snippet, hit.snippet, key=len)
    source = known.source if known.source is not None else hit.source
    engines = [*known.engines, engine]
    return Merged(known.title, known.address, snippet, engines, round(known.score + score, 5), source)


async def _ask(ctx: Context, engine: Engine, query: str, limit: int) -> list[Hit] | str:
    try:
        return await engine.search(ctx, query, limit)
    except ToolError as error:
        return str(error)
