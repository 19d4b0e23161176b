"""A job as slides, in the words of the office plugin: the question, findings with their quotes, sources with dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mcp_agent_research.jobs.job import Job
from mcp_agent_research.shapes import Source
from mcp_agent_research.write.report import dates, made, numbers_of

_ON_A_SLIDE = 1000
"""Letters that fit at a size that can be read. A claim with its quote has fewer; a paragraph takes the room of some."""
_PARAGRAPH = 60
_TITLE, _WORD, _NAME, _ADDRESS, _LINE = 120, 40, 150, 120, 400
Slide = dict[str, Any]


def slides(job: Job, sources: Sequence[Source]) -> list[Slide]:
    """``sources`` are those that are cited, in the order of first use. What is cut on a slide is whole in its notes."""
    numbers = numbers_of(sources)
    opening = {
        "title": _cut(" ".join(_cut(word, _WORD) for word in job.question.split()), _TITLE),
        "subtitle": f"{len(job.claims)} findings from {len(sources)} sources, {job.created:%Y-%m-%d}",
        "notes": job.question,
    }
    claims = [
        f"{claim.text + ': ' if claim.text else ''}“{claim.quote}” [{numbers[claim.source]}]" for claim in job.claims
    ]
    named = [
        f"[{number}] {_cut(source.title, _NAME)}. {_cut(source.address, _ADDRESS)}, {dates(source)}"
        for number, source in enumerate(sources, 1)
    ]
    whole = [
        f"[{number}] {source.title}. {source.address}, {dates(source)}, sha256 {source.sha256}. Kept as [S{source.id}]."
        for number, source in enumerate(sources, 1)
    ]
    return [
        opening,
        *_pages("Findings", claims, claims),
        *_pages("Sources", named, whole),
        *_pages("How this was made", [_cut(line, _LINE) for line in made(job)], list(made(job))),
    ]


def _pages(title: str, lines: Sequence[str], notes: Sequence[str]) -> Iterator[Slide]:
    parts = list(_parts(len(line) + _PARAGRAPH for line in lines))
    for number, (begin, end) in enumerate(parts, 1):
        count = f" ({number} of {len(parts)})" if len(parts) > 1 else ""
        yield {"title": title + count, "bullets": list(lines[begin:end]), "notes": "\n".join(notes[begin:end])}


def _parts(sizes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Which lines go together."""
    begin = end = used = 0
    for end, size in enumerate(sizes):
        if used and used + size > _ON_A_SLIDE:
            yield begin, end
            begin, used = end, 0
        used += size
    if used:
        yield begin, end + 1


def _cut(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
