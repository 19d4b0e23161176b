"""The verdict on a report."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mcp_agent import Context
from mcp_agent_research.shapes import ON_THE_WEB, Failure, Source, Verdict
from mcp_agent_research.store import sources
from mcp_agent_research.verify.normal import Text, plain
from mcp_agent_research.verify.reading import Claim, Quote, read_report

SHORTEST = 12
"""Characters that a quote must have to prove anything: every page has an "of the"."""
_SHOWN = 300
_URL = re.compile(r"https?://[^\s<>()]+")


async def check(ctx: Context, text: str) -> Verdict:
    """Compare every quote with its source as it was taken, not as it may be now."""
    report = read_report(text)
    cited = {number for claim in report.claims for quote in claim.quotes for number in quote.sources}
    newest = await sources.newest_number(ctx)
    asked = sorted(number for number in cited | {n for n, _ in report.listed} if number <= newest)
    known = {source.id: source for source in await sources.get_all(ctx, asked)}
    texts = await texts_of(ctx, cited & known.keys())
    failures: list[Failure] = await ctx.in_thread(
        lambda: [one for said in report.claims for one in _wrong(said, texts, newest)]
    )
    failures += [
        wrong for number, line in report.listed if (wrong := _wrongly_listed(number, line, known.get(number), newest))
    ]
    quotes = sum(len(claim.quotes) for claim in report.claims)
    return Verdict(bool(report.claims) and not failures, len(report.claims), quotes, failures, report.unchecked)


async def texts_of(ctx: Context, numbers: Iterable[int]) -> dict[int, Text]:
    """Sources by number, ready to look for passages in."""
    raw = {number: await sources.text_of(ctx, number) for number in numbers}
    made: dict[int, Text] = await ctx.in_thread(lambda: {number: Text(text) for number, text in raw.items()})
    return made


def _wrong(claim: Claim, texts: dict[int, Text], newest: int) -> list[Failure]:
    said = claim.text[:_SHOWN]
    found = [Failure(said, *wrong) for quote in claim.quotes for wrong in _wrong_quote(quote, texts, newest)]
    if found or any(quote.sources for quote in claim.quotes):
        return found
    return [Failure(said, "It quotes no source.")]


def _wrong_quote(quote: Quote, texts: dict[int, Text], newest: int) -> list[tuple[str, str, int | None]]:
    """(why, quote, source) of each thing that is wrong with a quote."""
    short = len(plain(quote.text)) < SHORTEST
    if quote.unlisted:
        shown = ", ".join(f"[{number}]" for number in quote.unlisted)
        return [(f"{shown} is not one source in the list of sources, as '[1] Title. ... [S12]'.", quote.text, None)]
    if not quote.sources:
        return [] if short else [("It does not say which source it is from: [S1] after it does.", quote.text, None)]
    if short:
        return [("It is too short to prove anything.", quote.text, quote.sources[0])]
    wrong: list[tuple[str, str, int | None]] = []
    for number in quote.sources:
        if number not in texts:
            wrong.append((_missing(number, newest), quote.text, number))
        elif not texts[number].holds(quote.text):
            wrong.append((_difference(texts[number], quote.text), quote.text, number))
    return wrong


def _missing(number: int, newest: int) -> str:
    if not 0 < number <= newest:
        return "There is no such source."
    return "It is not kept any more: what it was read from has changed or is gone. research_sources lists what is kept."


def _difference(text: Text, quote: str) -> str:
    begins = text.longest_beginning(quote)
    return (
        f"It does not stand there; only {begins[-80:]!r} does."
        if len(begins) >= SHORTEST
        else "It does not stand there."
    )


def _wrongly_listed(number: int, line: str, source: Source | None, newest: int) -> Failure | None:
    """A list of sources that names one that is not there, or gives it another address."""
    if source is None:
        return Failure(line[:_SHOWN], _missing(number, newest), source=number)
    others = [url.rstrip(".,;") for url in _URL.findall(line) if url.rstrip(".,;") != source.address.rstrip(".,;")]
    if others and source.kind in ON_THE_WEB:
        return Failure(line[:_SHOWN], f"The address of source {number} is {source.address}.", source=number)
    return None
