"""The steps of a job. Each spends within the budget, and leaves the job so that the next can begin."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from mcp_agent import Context, ToolError
from mcp_agent_research.engines.search import available, search
from mcp_agent_research.jobs.job import Candidate, Job
from mcp_agent_research.papers import reading as papers
from mcp_agent_research.store import passages
from mcp_agent_research.verify.check import texts_of
from mcp_agent_research.verify.normal import Text
from mcp_agent_research.web.fetch import Web
from mcp_agent_research.web.snapshots import Known, snapshot
from mcp_agent_research.web.urls import canonical
from mcp_agent_research.write import claims
from mcp_agent_research.write.model import Model, estimate

Save = Callable[[], Awaitable[None]]

_HITS = 10
_AT_ONCE = 4
_LOCAL = 8
"""Documents of the local library that a job reads at most: they cost nothing, but crowd out the web."""
_PASSAGES = 30
_LEAST_TIME = 0.1


async def search_one(ctx: Context, job: Job, save: Save) -> None:
    """Ask the engines one query, and note what is worth reading."""
    every = await available(ctx)
    chosen = [every[name] for name in job.engines if name in every]
    paid = sum(engine.price for engine in chosen)
    if paid and not job.can_spend(0, paid):
        job.note("Engines that cost money were left out: the budget did not allow them.")
        chosen, paid = [engine for engine in chosen if not engine.price], 0.0
    query = job.queries[job.searched]
    job.used.money += paid
    await save()
    if chosen:
        try:
            async with asyncio.timeout(max(job.seconds_left(), _LEAST_TIME)):
                answered = await search(ctx, query, chosen, _HITS)
        except ToolError as error:
            job.note(f"Searching {query!r} failed: {error}")
        except TimeoutError:
            job.note("The time ran out while it searched.")
        else:
            job.candidates = _joined(
                job.candidates, [Candidate(r.address, r.title, r.score, r.source) for r in answered.results]
            )
            for name, why in answered.failed.items():
                job.note(f"{name}: {why}")
    if job.papers:
        await _search_papers(ctx, job, query)
    job.searched += 1


async def _search_papers(ctx: Context, job: Job, query: str) -> None:
    try:
        async with asyncio.timeout(max(job.seconds_left(), _LEAST_TIME)):
            found, failed = await papers.find(ctx, query, _HITS)
    except ToolError as error:
        job.note(f"Searching papers on {query!r} failed: {error}")
    except TimeoutError:
        job.note("The time ran out while it searched papers.")
    else:
        job.candidates = _joined(job.candidates, found)
        for name, why in failed.items():
            job.note(f"{name}: {why}")


async def read_some(ctx: Context, web: Web, job: Job) -> None:
    """Read the next candidates: files of the library are there already, pages are fetched a few at a time. A paper for
    which there is no page left in the budget, or that cannot be read, is read as its abstract."""
    batch: list[Candidate] = []
    room = job.budget.pages - job.used.pages
    while job.tried < len(job.candidates) and len(batch) < _AT_ONCE:
        candidate = job.candidates[job.tried]
        job.tried += 1
        if candidate.source is not None:
            if sum(one.source in job.sources for one in job.candidates if one.source) < _LOCAL:
                job.sources.append(candidate.source)
        elif len(batch) < room:
            batch.append(candidate)
        elif candidate.abstract:
            _add(job, await papers.keep_abstract(ctx, candidate))
        else:
            job.note("More was found than the budget of pages allowed to read.")
    job.used.pages += len(batch)
    outcomes = await asyncio.gather(*(_fetched(ctx, web, one, max(job.seconds_left(), _LEAST_TIME)) for one in batch))
    for candidate, outcome in zip(batch, outcomes, strict=True):
        if isinstance(outcome, int):
            _add(job, outcome)
        elif candidate.abstract:
            job.note(f"Only the abstract of {candidate.title} was read: {outcome}")
            _add(job, await papers.keep_abstract(ctx, candidate))
        else:
            job.note(f"Not read: {candidate.address}: {outcome}")


def _add(job: Job, source: int) -> None:
    if source not in job.sources:
        job.sources.append(source)


def is_read(job: Job) -> bool:
    """Whether reading is over: nothing left to read, or no time."""
    return job.tried >= len(job.candidates) or not job.seconds_left()


async def write(ctx: Context, job: Job, model: Model | None, save: Save) -> None:
    """Write the claims: by the model if the budget allows, else by extraction. Every one of them holds."""
    evidence = await _evidence(ctx, job)
    texts = await texts_of(ctx, {found.source for found in evidence})
    job.claims, job.writer = [], ""
    if model is not None and evidence:
        await _write_by_model(ctx, job, model, evidence, texts, save)
    if not job.claims:
        job.claims = await ctx.in_thread(lambda: claims.extract(job.question, evidence, texts))


async def _write_by_model(
    ctx: Context, job: Job, model: Model, evidence: list[passages.Found], texts: dict[int, Text], save: Save
) -> None:
    prompt = claims.prompt(job.question, evidence, ctx.config.model.most_input)
    before = estimate(claims.SYSTEM + prompt)
    price = model.price(before, model.most_output)
    if not job.can_spend(before + model.most_output, price):
        job.note("No model wrote this: the budget of tokens or money did not allow it.")
        return
    job.used.tokens += before + model.most_output
    job.used.money += price
    await save()  # what is about to be spent is written down before
    try:
        async with asyncio.timeout(max(job.seconds_left(), _LEAST_TIME)):
            reply = await model.ask(claims.SYSTEM, prompt, claims.SCHEMA)
    except ToolError as error:
        job.note(f"No model wrote this: {error}")
        return
    except TimeoutError:
        job.note("No model wrote this: the time ran out.")
        return
    job.used.tokens += reply.input + reply.output - before - model.most_output
    job.used.money += model.price(reply.input, reply.output) - price
    job.claims, job.dropped = await ctx.in_thread(lambda: claims.read_claims(reply.text, texts))
    job.writer = reply.model or model.name
    if not job.claims:
        job.note(f"{job.writer} wrote nothing that its quotes bear.")
        job.writer = ""


async def _evidence(ctx: Context, job: Job) -> list[passages.Found]:
    """The best passages of the job's sources for each query, the first query first."""
    found: dict[str, passages.Found] = {}
    for query in job.queries:
        try:
            for passage in await passages.search_among(ctx, query, _PASSAGES, job.sources):
                found.setdefault(passage.text, passage)
        except ToolError:  # a query without a word
            continue
    return list(found.values())[: 2 * _PASSAGES]


async def _fetched(ctx: Context, web: Web, candidate: Candidate, seconds: float) -> int | str:
    try:
        async with asyncio.timeout(seconds):
            known = Known(candidate.title, candidate.published) if candidate.paper else None
            return (await snapshot(ctx, web, candidate.address, known=known)).id
    except ToolError as error:
        return str(error)
    except TimeoutError:
        return "the time ran out"


def _joined(known: list[Candidate], new: list[Candidate]) -> list[Candidate]:
    """The better score counts; best first. Nothing is read before all is searched, so the order may change."""
    together: dict[str, Candidate] = {}
    for one in [*known, *new]:
        key = canonical(one.address)
        if key not in together or together[key].score < one.score:
            together[key] = one
    return sorted(together.values(), key=lambda one: -one.score)
