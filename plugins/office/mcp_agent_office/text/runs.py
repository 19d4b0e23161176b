"""Text of paragraphs, however it is cut into runs: finding, replacing, and cutting runs where something begins or
ends."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from msgspec import Struct

from mcp_agent_office.text.parts import W, make, set_text

_SHOWN = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
Span = tuple[Any, int, int]


class Wanted(Struct, frozen=True):
    """A text to find, as it is to be found."""

    pattern: re.Pattern[str]
    replacement: str


def wanted(find: str, replace: str, match_case: bool, whole_words: bool) -> Wanted:
    words = re.escape(find)
    bounded = rf"(?<!\w){words}(?!\w)" if whole_words else words
    return Wanted(re.compile(bounded, 0 if match_case else re.IGNORECASE), replace)


def spans_of(paragraph: Any) -> list[Span]:
    """Nodes that show text, each with where it begins and ends in the paragraph. Deleted text is not there any more."""
    spans, at = [], 0
    for node in paragraph.iter(f"{W}t", *_SHOWN):
        if not _belongs(node, paragraph):
            continue
        text = _SHOWN.get(node.tag) or node.text or ""
        spans.append((node, at, at + len(text)))
        at += len(text)
    return spans


def text_of(paragraph: Any) -> str:
    return "".join(_SHOWN.get(node.tag) or node.text or "" for node, _, _ in spans_of(paragraph))


def replace_in(paragraph: Any, sought: Wanted) -> int:
    """How many were replaced. The new text has the look of the first letter of the old one."""
    matches = list(sought.pattern.finditer(text_of(paragraph)))
    spans = spans_of(paragraph) if matches else []
    for match in reversed(matches):
        replacement = sought.replacement
        for node, start, end in spans:
            if start < match.end() and end > match.start():
                _cut(node, max(match.start(), start) - start, min(match.end(), end) - start, replacement)
                replacement = ""
    return len(matches)


def isolate(paragraph: Any, start: int, end: int) -> list[Any]:
    """The runs that hold exactly this part of the text: runs are cut in two where it begins and ends."""
    for place in (start, end):
        for node, first, last in spans_of(paragraph):
            if first < place < last:
                _split_text(node, place - first)
                break
    inside = {id(node.getparent()) for node, first, last in spans_of(paragraph) if first >= start and last <= end}
    for node, first, last in spans_of(paragraph):
        if id(node.getparent()) in inside and (last <= start or first >= end) and first != last:
            _split_run(node.getparent(), node if first >= end else node.getnext())
    found: list[Any] = []
    for node, first, last in spans_of(paragraph):
        if start <= first and last <= end and first != last and not any(run is node.getparent() for run in found):
            found.append(node.getparent())
    return found


def new_run(like: Any, text: str, tag: str = "t") -> Any:
    """A run with the look of another one."""
    run = make("r")
    look = like.find(f"{W}rPr")
    if look is not None:
        run.append(deepcopy(look))
    run.append(make(tag, text))
    return run


def _belongs(node: Any, paragraph: Any) -> bool:
    """Not in a paragraph of its own inside of this one (a text box), not in deleted or moved text, and in a run."""
    parent = node.getparent()
    if parent.tag != f"{W}r":
        return False
    while parent is not paragraph:
        if parent.tag in (f"{W}p", f"{W}del", f"{W}moveFrom"):
            return False
        parent = parent.getparent()
    return True


def _cut(node: Any, start: int, end: int, replacement: str) -> None:
    if node.tag == f"{W}t":
        text = node.text or ""
        set_text(node, text[:start] + replacement + text[end:])
        return
    if replacement:
        node.addprevious(make("t", replacement))
    node.getparent().remove(node)


def _split_text(node: Any, place: int) -> None:
    text = node.text or ""
    rest = make("t", text[place:])
    set_text(node, text[:place])
    node.addnext(rest)
    _split_run(node.getparent(), rest)


def _split_run(run: Any, first: Any) -> None:
    """What begins with ``first`` goes into a run of its own behind this one."""
    if first is None or first.getparent() is not run:
        return
    rest = make("r")
    look = run.find(f"{W}rPr")
    if look is not None:
        rest.append(deepcopy(look))
    moved = [first, *first.itersiblings()]
    if not any(child.tag != f"{W}rPr" and child not in moved for child in run):
        return
    rest.extend(moved)
    run.addnext(rest)
