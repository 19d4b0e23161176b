"""Two versions of a file, in words."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

Piece = tuple[str, str]
_LONGEST = 300


def differences(old: Sequence[Piece], new: Sequence[Piece], by_place: bool) -> Iterator[str]:
    """One sentence for each. Cells and shapes are compared by their place, blocks of a document by their order."""
    yield from _by_place(dict(old), dict(new)) if by_place else _by_order(old, new)


def _by_place(old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    for place in [*old, *(place for place in new if place not in old)]:
        before, after = old.get(place), new.get(place)
        if before == after:
            continue
        if before is None:
            yield f"{place}: new, {_quoted(after)}"
        elif after is None:
            yield f"{place}: gone, it was {_quoted(before)}"
        else:
            yield f"{place}: {_quoted(before)} became {_quoted(after)}"


def _by_order(old: Sequence[Piece], new: Sequence[Piece]) -> Iterator[str]:
    before, after = [text for _, text in old], [text for _, text in new]
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            continue
        gone, came = before[first:last], after[start:end]
        for one, other in zip(gone, came, strict=False):
            yield f"Block {first + 1}: {_quoted(one)} became {_quoted(other)}"
        yield from (f"Removed after block {first}: {_quoted(text)}" for text in gone[len(came) :])
        yield from (f"Added as block {start + 1}: {_quoted(text)}" for text in came[len(gone) :])


def _quoted(text: str | None) -> str:
    text = text or ""
    return f'"{text if len(text) <= _LONGEST else text[:_LONGEST] + "..."}"'
