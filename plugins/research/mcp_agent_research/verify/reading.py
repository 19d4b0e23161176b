"""Takes a report in Markdown apart: claims, what each quotes, and the list of sources.

A claim is a sentence. It quotes in quotation marks, and names the source right after: “passage” [S12]; or, as [3], by
its number in the list of sources of the report, which says what is kept of it. A sentence that is nothing but a quote
belongs to the one before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

UNCHECKED = ("sources", "references", "how this was made")
"""Sections that make no claims about the world: a reader of the verdict is told that they were not checked."""

_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*$")
_FENCE = re.compile(r"```|~~~")
_ITEM = re.compile(r"(?:[-*+]|\d+[.)])\s+|>\s?")
_RULE = re.compile(r"(?:[-*_]\s*){3,}$|\|?[\s:|-]+\|[\s:|-]*$")
_SOURCES = r"\s*((?:[.,;:]?\s*\[S?\d+\])*)"
_QUOTE = re.compile(
    rf"(?:[“„«\"]([^“”„«»\"]+)[”“»\"]|「([^「」]+)」(?=\s*\[S?\d)|『([^『』]+)』(?=\s*\[S?\d)){_SOURCES}"
)  # corner brackets are for emphasis, too: they quote where a source follows
_CITED = re.compile(r"\[(S?\d+)\]")
_KEPT = re.compile(r"\[S(\d+)\]")
_NUMBERED = re.compile(r"\[(\d+)\]")
_MARK = "\x01"
_END = re.compile(rf"(?<=[.!?…।؟۔])\s+(?=[^a-z\s])|(?<={_MARK}[.!?…])\s+|(?<=[。！？｡])\s*(?=[^\s)）」』】》])")
"""The end of a sentence. After a quote it is one whatever comes; some scripts leave no space."""
_SHORT_FORM = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|etc|approx|al|no|fig|eq|sec|ch|dr|mr|mrs|ms|prof|st|jr|sr)|\b[A-Z])\.$", re.I
)


class Quote(Struct, frozen=True):
    """A passage and the sources it is said to stand in; ``unlisted`` are numbers that the list of sources lacks, or has
    more than once."""

    text: str
    sources: list[int]
    unlisted: list[int] = []


class Claim(Struct, frozen=True):
    """``text`` is the sentence as it was written."""

    text: str
    quotes: list[Quote]


class Report(Struct, frozen=True):
    """``listed`` are the lines of the list of sources that name one; ``unchecked`` what holds no claims, by name."""

    claims: list[Claim]
    listed: list[tuple[int, str]]
    unchecked: list[str]


def read_report(text: str) -> Report:
    blocks: list[str] = []
    listed: list[tuple[int, str]] = []
    numbers: dict[int, list[int]] = {}
    unchecked: dict[str, None] = {}
    for section, block in _blocks(text):
        if section.casefold().rstrip(":") in UNCHECKED:
            unchecked[section] = None
            if kept := _kept_of(block):
                listed.append((kept, block))
                if numbered := _NUMBERED.match(block):
                    numbers.setdefault(int(numbered[1]), []).append(kept)
        elif block is _CODE:
            unchecked["code"] = None
        else:
            blocks.append(block)
    return Report([claim for block in blocks for claim in _claims(block, numbers)], listed, list(unchecked))


def _kept_of(block: str) -> int | None:
    """The kept source that a line of the list stands for: named first; or last, where it begins with the number that
    readers know it by. A title in between may hold anything."""
    found = _KEPT.findall(block)
    if not found:
        return None
    return int(found[-1 if _NUMBERED.match(block) else 0])


_CODE = "```"


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """(section, text) of each paragraph, item of a list and row of a table; code as _CODE."""
    section, lines, fenced = "", list[str](), False
    for line in [*text.replace(_MARK, " ").splitlines(), ""]:
        stripped = line.strip()
        if _FENCE.match(stripped):
            fenced = not fenced
            if fenced:
                yield section, _CODE
            continue
        if fenced:
            continue
        heading = _HEADING.match(stripped)
        begins = bool(heading or _ITEM.match(stripped) or stripped.startswith("|"))
        if (not stripped or begins or _RULE.match(stripped)) and lines:
            yield section, " ".join(lines)
            lines = []
        if heading:
            section = heading[1]
        elif stripped and not _RULE.match(stripped):
            lines.append(_ITEM.sub("", stripped, count=1))


def _claims(block: str, numbers: Mapping[int, Sequence[int]]) -> list[Claim]:
    quotes = list(_QUOTE.finditer(block))
    masked = _QUOTE.sub(lambda found: f"{_MARK}{len(found[0])}{_MARK}", block)
    claims: list[Claim] = []
    taken = 0
    for sentence in _sentences(masked):
        count = sentence.count(_MARK) // 2
        mine = quotes[taken : taken + count]
        taken += count
        whole = _unmasked(sentence, [found[0] for found in mine])
        cited = [
            _quote((found[1] or found[2] or found[3]).strip(), _CITED.findall(found[4]), numbers) for found in mine
        ]
        bare = re.sub(rf"{_MARK}\d+{_MARK}|\[S?\d+\]|\W", "", sentence)
        if bare:
            claims.append(Claim(whole, cited))
        elif claims and cited:
            claims[-1] = Claim(f"{claims[-1].text} {whole}", [*claims[-1].quotes, *cited])
        elif cited:
            claims.append(Claim(whole, cited))
    return claims


def _quote(text: str, cited: Sequence[str], numbers: Mapping[int, Sequence[int]]) -> Quote:
    sources: list[int] = []
    unlisted: list[int] = []
    for one in cited:
        meant = [int(one[1:])] if one.startswith("S") else numbers.get(int(one), [])
        if len(set(meant)) == 1:
            sources.append(meant[0])
        else:
            unlisted.append(int(one))
    return Quote(text, sources, unlisted)


def _sentences(masked: str) -> list[str]:
    parts: list[str] = []
    for part in _END.split(masked):
        if parts and _SHORT_FORM.search(parts[-1]):
            parts[-1] += f" {part}"
        else:
            parts.append(part)
    return parts


def _unmasked(sentence: str, quotes: list[str]) -> str:
    left = iter(quotes)
    return re.sub(rf"{_MARK}\d+{_MARK}", lambda _: next(left), sentence).strip()
