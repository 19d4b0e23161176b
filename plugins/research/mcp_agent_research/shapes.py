"""What the tools give: every shape that a model sees, apart from the code behind it, so that starting is light."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

Kind = Literal["web", "file", "guide", "paper"]
"""A paper is its abstract; one that could be read is of the web."""
ON_THE_WEB = ("web", "paper")
Status = Literal["running", "done", "stopped", "failed"]
Phase = Literal["search", "read", "write", "done"]


class Source(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``id`` is what reports cite as [S id]; ``taken`` is when, in UTC; ``size`` in characters."""

    id: int
    kind: Kind
    title: str
    address: str
    taken: datetime
    sha256: str
    size: int
    published: str | None = None


class Merged(Struct, frozen=True, omit_defaults=True):
    """A result with the engines that gave it, best first. ``source`` is the number of one in the local library."""

    title: str
    address: str
    snippet: str
    engines: list[str]
    score: float
    source: int | None = None


class Answered(Struct, frozen=True, omit_defaults=True):
    """``failed`` has the reason of each engine that gave nothing because it could not."""

    results: list[Merged]
    failed: dict[str, str] = {}


class Paper(Struct, frozen=True, omit_defaults=True):
    """``authors`` are the first ten. ``cited_by`` counts works that cite it. ``found_in`` names who knew it."""

    title: str
    authors: list[str] = []
    year: int | None = None
    venue: str = ""
    doi: str | None = None
    url: str = ""
    pdf: str | None = None
    abstract: str = ""
    cited_by: int | None = None
    found_in: list[str] = []


class Papers(Struct, frozen=True, omit_defaults=True):
    """``failed`` has the reason of each service that could not answer."""

    papers: list[Paper]
    failed: dict[str, str] = {}


class Work(Struct, frozen=True):
    """``citation`` is one line for a list of references, made of the fields of ``paper``."""

    paper: Paper
    citation: str


class Indexed(Struct, frozen=True, omit_defaults=True):
    """What indexing did. ``problems`` says of the first ten files that were not read why."""

    folders: list[str]
    read: int = 0
    unchanged: int = 0
    removed: int = 0
    not_read: int = 0
    problems: list[str] = []


class Failure(Struct, frozen=True, omit_defaults=True):
    """What is wrong: with a ``quote``, or, without one, with the claim as a whole."""

    claim: str
    why: str
    quote: str | None = None
    source: int | None = None


class Verdict(Struct, frozen=True):
    """``verified`` is true when there are claims and nothing is wrong with any. ``not_checked`` names the parts of the
    text that hold no claims: the list of sources, code."""

    verified: bool
    claims: int
    quotes: int
    failures: list[Failure]
    not_checked: list[str]


class Budget(Struct, frozen=True):
    """What a job may use. ``money`` is in the person's currency, ``minutes`` are minutes of work."""

    pages: int
    minutes: float
    tokens: int
    money: float


class Used(Struct):
    """What a job has used. What a step may cost is added before it is taken, and corrected after."""

    pages: int = 0
    seconds: float = 0.0
    tokens: int = 0
    money: float = 0.0


class Reading(Struct, frozen=True, omit_defaults=True):
    """Part of a source's text. ``next`` is the offset to read on from, with research_read_source; none at the end."""

    source: Source
    text: str
    next: int | None = None


class SourcePage(Struct, frozen=True, omit_defaults=True):
    """``before`` is what to ask the next page with; without it there is none."""

    sources: list[Source]
    before: int | None = None


class Passage(Struct, frozen=True):
    """``source`` is its number, for [S1] and research_read_source; ``heading`` is what it stands under."""

    source: int
    address: str
    heading: str
    text: str


class Progress(Struct, frozen=True):
    """Where a research is. ``done`` goes from 0 to 1; ``notes`` say what went wrong or was left out."""

    job: str
    question: str
    status: Status
    phase: Phase
    done: float
    used: Used
    budget: Budget
    queries: list[str]
    sources: int
    claims: int
    writer: str
    notes: list[str]


class Written(Struct, frozen=True, omit_defaults=True):
    """``verified`` is the verdict of research_verify on this very text. ``writer`` is empty where no model wrote it.
    ``file`` is the path of the file that was made of it, in place of ``markdown``."""

    verified: bool
    claims: int
    sources: int
    writer: str
    markdown: str = ""
    next: str = ""
    file: str = ""
