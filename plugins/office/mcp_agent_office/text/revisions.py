"""Tracked changes as Word has them: made, listed, accepted and rejected."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from typing import Any

from msgspec import Struct

from mcp_agent_office.text.parts import W, make
from mcp_agent_office.text.runs import Wanted, isolate, new_run, text_of

_INSERTED = (f"{W}ins", f"{W}moveTo")
_DELETED = (f"{W}del", f"{W}moveFrom")
_LOOKS = tuple(f"{W}{name}" for name in (
    "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange", "tblGridChange",
    "tblPrExChange", "numberingChange",
))  # fmt: skip
_RANGES = tuple(f"{W}move{way}Range{end}" for way in ("From", "To") for end in ("Start", "End"))


class Revision(Struct, frozen=True):
    """``kind`` is insertion, deletion, paragraph, row or look. ``number`` counts through the document."""

    number: int
    kind: str
    author: str
    date: str
    text: str


def revisions(trees: list[Any]) -> Iterator[tuple[Revision, Any]]:
    """All of them in the order of the document, with their elements."""
    nodes = (node for tree in trees for node in tree.iter(*_INSERTED, *_DELETED, *_LOOKS))
    for number, node in enumerate(list(nodes), 1):
        said = Revision(number, _kind(node), node.get(f"{W}author", ""), node.get(f"{W}date", ""), _shown(node))
        yield said, node


def settle(trees: list[Any], numbers: Collection[int] | None, accept: bool) -> int:
    """Accept or reject: all without numbers. How many were settled."""
    chosen = [node for revision, node in revisions(trees) if numbers is None or revision.number in numbers]
    for node in reversed(chosen):  # the inner ones first
        if node.getparent() is not None:
            _settle(node, accept)
    if numbers is None:
        for tree in trees:
            for mark in list(tree.iter(*_RANGES)):
                mark.getparent().remove(mark)
    return len(chosen)


def replace_tracked(paragraph: Any, sought: Wanted, author: str, date: str, ids: Iterator[int]) -> int:
    """Like ``replace_in``, but as a deletion and an insertion that somebody can reject."""
    matches = list(sought.pattern.finditer(text_of(paragraph)))
    for match in reversed(matches):
        runs = isolate(paragraph, match.start(), match.end())
        if not runs:
            continue
        if sought.replacement:
            inserted = _mark("ins", author, date, ids)
            inserted.append(new_run(runs[0], sought.replacement))
            runs[-1].addnext(inserted)
        for run in runs:
            _delete(run, author, date, ids)
    return len(matches)


def insert_after(paragraph: Any, place: int, text: str, author: str, date: str, ids: Iterator[int]) -> None:
    """Text behind the letter of that number, as an insertion."""
    before = isolate(paragraph, 0, place)
    inserted = _mark("ins", author, date, ids)
    inserted.append(new_run(before[-1] if before else make("r"), text))
    if before:
        before[-1].addnext(inserted)
    else:
        paragraph.append(inserted)


def fresh_ids(trees: list[Any]) -> Iterator[int]:
    """Numbers that no change has yet."""
    used = (node.get(f"{W}id", "0") for tree in trees for node in tree.iter(*_INSERTED, *_DELETED, *_LOOKS))
    return itertools.count(max((int(text) for text in used if text.lstrip("-").isdigit()), default=0) + 1)


def _mark(tag: str, author: str, date: str, ids: Iterator[int]) -> Any:
    return make(tag, id=str(next(ids)), author=author, date=date)


def _delete(run: Any, author: str, date: str, ids: Iterator[int]) -> None:
    deleted = _mark("del", author, date, ids)
    run.addprevious(deleted)
    deleted.append(run)
    for node in list(run.iter(f"{W}t")):
        node.tag = f"{W}delText"


def _kind(node: Any) -> str:
    if node.tag in _LOOKS:
        return "look"
    holder = node.getparent().tag
    if holder == f"{W}rPr":
        return "paragraph"
    if holder == f"{W}trPr":
        return "row"
    return "insertion" if node.tag in _INSERTED else "deletion"


def _shown(node: Any) -> str:
    return "".join(part.text or "" for part in node.iter(f"{W}t", f"{W}delText"))[:300]


def _settle(node: Any, accept: bool) -> None:
    kind, parent = _kind(node), node.getparent()
    stays = (node.tag in _INSERTED) == accept
    if kind == "look":
        if not accept:
            _old_look(node, parent)
        elif node.getparent() is not None:
            parent.remove(node)
    elif kind == "paragraph":
        parent.remove(node)
        if not stays:
            _join_with_next(parent.getparent().getparent())
    elif kind == "row":
        parent.remove(node)
        if not stays:
            row = parent.getparent()
            row.getparent().remove(row)
    elif stays:
        _unwrap(node)
    else:
        parent.remove(node)


def _old_look(node: Any, parent: Any) -> None:
    """What was there before stands in the note of the change."""
    old = next(iter(node), None)
    parent.remove(node)
    keep = [child for child in parent if child.tag in (f"{W}rPr", f"{W}sectPr", *_INSERTED, *_DELETED)]
    if old is not None:
        parent[:] = [*(child for child in old if child.tag not in {kept.tag for kept in keep}), *keep]


def _unwrap(node: Any) -> None:
    for text in list(node.iter(f"{W}delText")):
        text.tag = f"{W}t"
    for child in list(node):
        node.addprevious(child)
    node.getparent().remove(node)


def _join_with_next(paragraph: Any) -> None:
    """The end of a paragraph goes: what follows continues it."""
    following = paragraph.getnext()
    if following is None or following.tag != f"{W}p":
        if not text_of(paragraph) and paragraph.getparent().tag != f"{W}tc":
            paragraph.getparent().remove(paragraph)
        return
    for child in list(following):
        if child.tag != f"{W}pPr":
            paragraph.append(child)
    following.getparent().remove(following)
