"""JSON with the places of its parts; with comments and trailing commas where a client takes those.

Libraries that keep comments write the whole text anew. Here only places are wanted, so that everything else stays
byte for byte.
"""

from __future__ import annotations

import json
import re
from typing import Any

from msgspec import Struct

from mcp_agent.clients.text import MAX_DEPTH, BrokenFile, line_of

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_ATOM = re.compile(r"true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_COMMENT = re.compile(r"//[^\r\n]*|/\*.*?\*/", re.DOTALL)


class Node(Struct):
    """``text[start:end]`` is the value. ``content_end`` of an object: where its last member, comma or comment ends."""

    start: int
    end: int
    value: Any
    members: list[Member] = []
    trailing_comma: bool = False
    content_end: int = 0


class Member(Struct):
    key: str
    start: int
    value: Node
    comma: int | None = None
    """The place of the comma after it."""


class Scanner:
    """One pass over a text. ``strict`` refuses what JSON itself does not have."""

    def __init__(self, text: str, *, strict: bool) -> None:
        self._text = text
        self._strict = strict
        self._at = 0

    def document(self) -> Node | None:
        """The whole, None where there is nothing but space and comments."""
        self._skip()
        if self._at == len(self._text):
            return None
        node = self._value(0)
        self._skip()
        if self._at < len(self._text):
            raise self._broken("something follows after its end")
        return node

    def _value(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self._broken("it is nested too deep")
        first = self._text[self._at : self._at + 1]
        if first == "{":
            return self._object(depth)
        if first == "[":
            return self._array(depth)
        start = self._at
        return Node(start=start, value=self._string() if first == '"' else self._atom(), end=self._at)

    def _object(self, depth: int) -> Node:
        node = Node(start=self._at, end=0, value={})
        self._at += 1
        node.content_end = self._at
        while True:
            node.content_end = self._skip() or node.content_end
            if self._take("}"):
                break
            if node.members and node.members[-1].comma is None:
                raise self._broken("a comma or a closing brace is missing")
            start = self._at
            if self._text[start : start + 1] != '"':
                raise self._broken("a name in double quotes should stand here")
            key = self._string()
            self._skip()
            if not self._take(":"):
                raise self._broken("a colon is missing")
            self._skip()
            member = Member(key, start, self._value(depth + 1))
            node.members.append(member)
            node.value[key] = member.value.value
            node.content_end = self._at
            node.content_end = self._skip() or node.content_end
            if self._take(","):
                member.comma = self._at - 1
                node.content_end = self._at
        node.end = self._at
        node.trailing_comma = bool(node.members) and node.members[-1].comma is not None
        self._no_trailing(node.trailing_comma)
        return node

    def _array(self, depth: int) -> Node:
        node = Node(start=self._at, end=0, value=[])
        self._at += 1
        comma = True
        while True:
            self._skip()
            if self._take("]"):
                break
            if not comma:
                raise self._broken("a comma or a closing bracket is missing")
            node.value.append(self._value(depth + 1).value)
            self._skip()
            comma = self._take(",")
        self._no_trailing(comma and bool(node.value))
        node.end = self._at
        return node

    def _string(self) -> str:
        found = _STRING.match(self._text, self._at)
        if found is None:
            raise self._broken("a text is not closed, or holds what must be escaped")
        try:
            value: str = json.loads(found[0])
        except ValueError:
            raise self._broken("an escape in a text is none") from None
        self._at = found.end()
        return value

    def _atom(self) -> Any:
        found = _ATOM.match(self._text, self._at)
        if found is None or not found[0]:
            raise self._broken("a value should stand here")
        self._at = found.end()
        return json.loads(found[0])

    def _skip(self) -> int | None:
        """Go on to what counts; gives the end of the last comment on the way."""
        end = None
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
            comment = _COMMENT.match(self._text, self._at)
            if comment is None:
                return end
            if self._strict:
                raise self._broken("it holds a comment, which its program does not take")
            self._at = end = comment.end()

    def _take(self, character: str) -> bool:
        there = self._text.startswith(character, self._at)
        self._at += there
        return there

    def _no_trailing(self, comma: bool) -> None:
        if comma and self._strict:
            raise self._broken("a comma stands before a closing brace, which its program does not take")

    def _broken(self, why: str) -> BrokenFile:
        return BrokenFile(f"line {line_of(self._text, self._at)}: {why}.")
