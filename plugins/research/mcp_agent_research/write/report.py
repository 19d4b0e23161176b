"""A job as a report in Markdown: claims with their quotes, the sources with dates and digests, and how it was made."""

from __future__ import annotations

from collections.abc import Sequence

from mcp_agent_research.jobs.job import Job
from mcp_agent_research.shapes import Source

_EXTRACTIVE = (
    "No model wrote this: these are sentences copied from the sources, chosen because they share words with the"
    " question."
)


def render(job: Job, sources: Sequence[Source]) -> str:
    """``sources`` are those that are cited."""
    lines = [f"# {_line(job.question)}", ""]
    lines += [f"- {claim.text + ': ' if claim.text else ''}“{claim.quote}” [S{claim.source}]" for claim in job.claims]
    lines += ["", "## Sources", "", *(_listed(source) for source in sources)]
    return "\n".join([*lines, "", "## How this was made", "", *_made(job)]) + "\n"


def _listed(source: Source) -> str:
    published = f", published {source.published}" if source.published else ""
    return (
        f"- [S{source.id}] {_line(source.title)}. {source.address}{published}, read {source.taken:%Y-%m-%d},"
        f" sha256 {source.sha256[:16]}"
    )


def _made(job: Job) -> list[str]:
    by = f"{job.writer} wrote the claims. Each quote was compared with its source; {job.dropped} did not hold."
    used, budget = job.used, job.budget
    lines = [
        f"- {by if job.writer else _EXTRACTIVE}",
        f"- Searched for: {'; '.join(map(_line, job.queries[: job.searched]))}",
        f"- Read {len(job.sources)} sources; used {used.pages} of {budget.pages} pages, {used.seconds / 60:.1f} of"
        f" {budget.minutes:g} minutes, {used.tokens:,} of {budget.tokens:,} tokens, {used.money:.2f} of"
        f" {budget.money:.2f} in money.",
    ]
    return [*lines, *(f"- {_line(note)}" for note in job.notes)]


def _line(text: str) -> str:
    return " ".join(text.split())
