"""Cuts a text into passages at its paragraphs, and loses nothing: put together they are the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ABOUT = 900
_MOST = 2400
_HEADING = re.compile(r"#{1,6} +(.+?)\s*#*\s*$")
_BREAK = re.compile(r"\n\n+")
_SENTENCE = re.compile(r"(?<=[.!?])\s")


def cut(text: str, title: str) -> list[tuple[str, str]]:
    """(heading, text) of each passage: what it is under, as "title: heading"."""
    passages: list[tuple[str, str]] = []
    current, heading, under = "", "", ""
    for block in _blocks(text):
        found = _HEADING.match(block)
        if current and (found or len(current) + len(block) > _ABOUT):
            passages.append((_under(title, under), current))
            current = ""
        if found:
            heading = found[1]
        if not current:
            under = heading
        current += block
    if current:
        passages.append((_under(title, under), current))
    return passages


def _under(title: str, heading: str) -> str:
    return f"{title}: {heading}" if heading and heading != title else title


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs with the empty lines after them; one that is too long in pieces."""
    start = 0
    for end in [*(found.end() for found in _BREAK.finditer(text)), len(text)]:
        while end - start > _MOST:
            piece = _shorter(text[start : start + _MOST])
            yield text[start : start + piece]
            start += piece
        if end > start:
            yield text[start:end]
        start = end


def _shorter(text: str) -> int:
    """Where to cut a text that is too long: after its last sentence, else line, else anywhere."""
    sentences = [found.end() for found in _SENTENCE.finditer(text)]
    return next((at for at in (sentences[-1] if sentences else 0, text.rfind("\n") + 1) if at > _MOST // 3), len(text))
