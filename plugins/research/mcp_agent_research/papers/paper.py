"""A work as every service gives it."""

from __future__ import annotations

import re

import msgspec

from mcp_agent import ToolError
from mcp_agent_research.shapes import Paper

MOST_AUTHORS = 10
_ABSTRACT = 5000
_SHOWN = 700
_DOI = re.compile(r"10\.\d{4,9}/\S+")


def read_doi(text: str) -> str:
    """The bare DOI, in lower case, out of what people write. Raises ToolError."""
    found = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", text.strip(), flags=re.IGNORECASE).lower()
    if not _DOI.fullmatch(found):
        raise ToolError(f"{text[:200]!r} is no DOI.", hint="A DOI looks like 10.1000/xyz123.")
    return found


def doi_or_none(text: object) -> str | None:
    try:
        return read_doi(text) if isinstance(text, str) and text else None
    except ToolError:
        return None


def abstract(text: object) -> str:
    """Without markup, and not without end."""
    plain = " ".join(re.sub(r"<[^>]+>", " ", text).split()) if isinstance(text, str) else ""
    return _cut(plain, _ABSTRACT)


def shown(paper: Paper) -> Paper:
    """As a model sees it in a list."""
    return msgspec.structs.replace(paper, abstract=_cut(paper.abstract, _SHOWN))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " ..."
