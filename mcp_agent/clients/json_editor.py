"""One entry in a JSON file: put in or taken out, everything else byte for byte as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from mcp_agent.clients.json_scan import Member, Node, Scanner
from mcp_agent.clients.text import BrokenFile, Spot, newline_of

_INDENT = re.compile(r"^([ \t]+)\S", re.MULTILINE)


class JsonEditor:
    """``strict`` for programs that take no comments."""

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict

    def parse(self, text: str) -> Any:
        root = Scanner(text, strict=self._strict).document()
        return None if root is None else root.value

    def put(self, text: str, spot: Spot, entry: Mapping[str, Any]) -> str:
        root = Scanner(text, strict=self._strict).document()
        if root is None:
            end = newline_of(text)
            whole = _Layout(text).dump({spot.key: {spot.name: entry}}, "")
            return f"{text.rstrip()}{end if text.strip() else ''}{whole}{end}"
        servers = _member(root, spot.key)
        if servers is None:
            return _insert(text, root, spot.key, {spot.name: entry})
        if servers.value.value is None:
            return _replace(text, servers, {spot.name: entry})
        present = _member(servers.value, spot.name)
        if present is None:
            return _insert(text, servers.value, spot.name, entry)
        return _replace(text, present, entry)

    def drop(self, text: str, spot: Spot) -> str:
        root = Scanner(text, strict=self._strict).document()
        servers = _member(root, spot.key) if root else None
        present = _member(servers.value, spot.name) if servers else None
        if servers is None or present is None:
            raise BrokenFile(f"there is no {spot.name} in it.")
        return _cut(text, servers.value, present)


class _Layout:
    """How a text is laid out: its line breaks and the step of its indentation."""

    def __init__(self, text: str) -> None:
        self.end = newline_of(text)
        found = _INDENT.search(text)
        self.step = found[1] if found else "  "

    def dump(self, value: Any, indent: str) -> str:
        """Over several lines, the first one without ``indent``."""
        lines = json.dumps(value, indent=self.step, ensure_ascii=False).split("\n")
        return (self.end + indent).join(lines)


def _member(node: Node, key: str) -> Member | None:
    """The last of that name: the one that counts."""
    return next((member for member in reversed(node.members) if member.key == key), None)


def _insert(text: str, node: Node, key: str, value: Any) -> str:
    """A new last member."""
    quoted = json.dumps(key, ensure_ascii=False)
    if node.members and "\n" not in text[node.start : node.end]:  # all on one line
        last = node.members[-1]
        added = f", {quoted}: {json.dumps(value, ensure_ascii=False)}"
        return text[: last.value.end] + added + text[last.value.end :]
    layout = _Layout(text)
    outer = _indent_at(text, node.start)
    first = node.members[0].start if node.members else None
    own_line = first is not None and not text[_line_start(text, first) : first].strip()
    indent = _indent_at(text, first) if first is not None and own_line else outer + layout.step
    added = f"{layout.end}{indent}{quoted}: {layout.dump(value, indent)}"
    if not node.members:
        return f"{text[: node.content_end]}{added}{layout.end}{outer}}}{text[node.end :]}"
    after_value = node.members[-1].value.end
    comma, trailing = ("", ",") if node.trailing_comma else (",", "")
    rest = text[node.content_end :]
    if "\n" not in rest[: rest.index("}")]:  # the brace stands on the line of the last member
        rest = f"{layout.end}{outer}{rest.lstrip()}"
    return f"{text[:after_value]}{comma}{text[after_value : node.content_end]}{added}{trailing}{rest}"


def _replace(text: str, member: Member, value: Any) -> str:
    node = member.value
    if node.value and "\n" not in text[node.start : node.end]:  # it was on one line, and stays there
        written = json.dumps(value, ensure_ascii=False)
    else:
        written = _Layout(text).dump(value, _indent_at(text, node.start))
    return text[: node.start] + written + text[node.end :]


def _cut(text: str, node: Node, member: Member) -> str:
    """Without a member, its comma, and its lines where it has them to itself."""
    start, end = member.start, member.value.end
    index = node.members.index(member)
    if member.comma is not None:
        end = member.comma + 1
    line, rest = _line_start(text, start), text[end:]
    if not text[line:start].strip() and re.match(r"[ \t]*\r?\n", rest):
        start, end = line, end + rest.index("\n") + 1
    elif member.comma is not None:
        end += len(rest) - len(rest.lstrip(" \t"))
    before = text[:start]
    if member.comma is None and index > 0:  # the last one: the comma before it goes too
        comma = node.members[index - 1].comma
        if comma is not None:
            between = text[comma + 1 : start]
            before = text[:comma] + (between if "\n" in between else between.strip())
    return before + text[end:]


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _indent_at(text: str, index: int) -> str:
    line = text[_line_start(text, index) : index]
    return line[: len(line) - len(line.lstrip())]
