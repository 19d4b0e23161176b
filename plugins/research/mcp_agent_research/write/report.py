"""A job as a report in Markdown: claims with their quotes, the sources with dates and digests, and how it was made.

Readers get numbers from 1 on, in the order of first use. The list of sources says which kept source each of them is, as
[S12], so that the report can be verified as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mcp_agent_research.jobs.job import Job
from mcp_agent_research.shapes import ON_THE_WEB, Source

_EXTRACTIVE = (
    "No model wrote this: these are sentences copied from the sources, chosen because they share words with the"
    " question."
)
_MARKS = re.compile(r"[\\`*\[\]<>~|]|(?<!\w)_|_(?!\w)|^[#+-](?=\s)|^\d+(?=[.)]\s)")
"""What Markdown would take for a mark. Strangers wrote titles and quotes: a picture in one would be fetched."""


def render(job: Job, sources: Sequence[Source]) -> str:
    """``sources`` are those that are cited, in the order of first use."""
    numbers = numbers_of(sources)
    lines = [f"# {escaped(job.question)}", ""]
    for claim in job.claims:
        said = f"{escaped(claim.text)}: " if claim.text else ""
        lines.append(f"- {said}“{escaped(claim.quote)}” [{numbers[claim.source]}]")
    lines += ["", "## Sources", ""]
    for number, source in enumerate(sources, 1):
        address = source.address if source.kind in ON_THE_WEB else escaped(source.address)
        lines += [
            f"[{number}] {escaped(source.title)}. {address}, {dates(source)}, sha256 {source.sha256[:16]}."
            f" Kept as [S{source.id}].",
            "",
        ]
    return "\n".join([*lines, "## How this was made", "", *(f"- {escaped(line)}" for line in made(job))]) + "\n"


def numbers_of(sources: Sequence[Source]) -> dict[int, int]:
    """What readers call a source, by its number in the library."""
    return {source.id: number for number, source in enumerate(sources, 1)}


def dates(source: Source) -> str:
    """When it was published, where it says so, and when it was read."""
    published = f"published {source.published}, " if source.published else ""
    return f"{published}read {source.taken:%Y-%m-%d}"


def made(job: Job) -> Iterator[str]:
    """How it was made, sentence by sentence."""
    by = f"{job.writer} wrote the claims. Each quote was compared with its source; {job.dropped} did not hold."
    used, budget = job.used, job.budget
    yield by if job.writer else _EXTRACTIVE
    yield f"Begun on {job.created:%Y-%m-%d}. Searched for: {'; '.join(job.queries[: job.searched])}"
    yield (
        f"Read {len(job.sources)} sources; used {used.pages} of {budget.pages} pages, {used.seconds / 60:.1f} of"
        f" {budget.minutes:g} minutes, {used.tokens:,} of {budget.tokens:,} tokens, {used.money:.2f} of"
        f" {budget.money:.2f} in money."
    )
    yield from job.notes


def escaped(text: str) -> str:
    """In one line, and nothing of it a mark."""
    return _MARKS.sub(r"\\\g<0>", " ".join(text.split()))
