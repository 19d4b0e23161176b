"""Finds a set of values in texts, in all their forms.

In two steps. The first is quick and may see too much: one automaton over all forms of all values, over the text
without its backslashes, and with URL encoding and XML undone. Only where it finds something, the second looks exactly,
level by level.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mcp_agent.vault.forms import BASE64, Form, forms_of
from mcp_agent.vault.layers import DEPTH, Layer, encoded, undone_quickly

_UNSURE = re.compile(rb"\\u|u[0-9a-fA-F]{4}")
_FOLDED = bytes.maketrans(b"\b\f\n\r\t+", b"bfnrt ")
_BLANKS = bytes.maketrans(b"+", b" ")
_PADDING = ord("=")


class Search:
    """Everything built from one set of values. Never changed: a new set gets a new one."""

    def __init__(self, values: Iterable[bytes]) -> None:
        from ahocorasick_rs import BytesAhoCorasick

        forms = {form for value in values for form in forms_of(value)}
        alike: dict[bytes, list[Form]] = {}
        for form in forms:
            alike.setdefault(form.text.translate(_BLANKS), []).append(form)
        self._forms = list(alike.values())
        self._exact: BytesAhoCorasick = BytesAhoCorasick(list(alike))
        self._quick: BytesAhoCorasick = BytesAhoCorasick(list({_fold(form.text) for form in forms}))
        # values that look like an escape themselves: what stands before them may change how a text is read
        self._unsure = any(_UNSURE.search(form.text) for form in forms if form.plain)

    def suspects(self, data: bytes) -> bool:
        """Whether there may be a value in it. False is certain."""
        if self._quick.find_matches_as_indexes(data.translate(_FOLDED, b"\\")):
            return True
        if not encoded(data):
            return False
        seen, texts = {data}, [data]
        for _ in range(DEPTH):
            if self._unsure and any(b"\\u" in text for text in texts):
                return True
            texts = [deeper for text in texts for deeper in undone_quickly(text) if deeper not in seen]
            seen.update(texts)
            if any(self._quick.find_matches_as_indexes(_fold(text)) for text in texts):
                return True
        return False

    def replaced(self, data: bytes, mark: bytes) -> bytes:
        """The text with ``mark`` for every value. ``mark`` is shorter than any value.

        Again until nothing is left: what stood on both sides of a value may be one now. It gets shorter each time.
        """
        while spans := self._spans(data):
            parts, last = [], 0
            for start, end in spans:
                if start >= last:
                    parts += [data[last:start], mark]
                last = max(last, end)
            data = b"".join([*parts, data[last:]])
        return data

    def _spans(self, data: bytes) -> list[tuple[int, int]]:
        """Where values stand, in order; they may overlap."""
        spans: set[tuple[int, int]] = set()
        seen, layers = {data}, [Layer(data)]
        for layer in layers:  # it grows
            spans.update(layer.outermost(start, end) for start, end in self._found(layer.text))
            if layer.depth < DEPTH:
                for deeper in layer.deeper():
                    if deeper.text not in seen:
                        seen.add(deeper.text)
                        layers.append(deeper)
        return sorted(spans)

    def _found(self, text: bytes) -> Iterator[tuple[int, int]]:
        """Where a form of a value stands in this very text."""
        for index, start, end in self._exact.find_matches_as_indexes(text.translate(_BLANKS), overlapping=True):
            there = text[start:end]
            for form in self._forms[index]:
                if there == form.text or (form.plain and _with_plus(there, form.text)):
                    yield _with_neighbours(form, text, start, end)


def _fold(text: bytes) -> bytes:
    """The same for a text and for any JSON string of it, but for ``\\uXXXX``: no backslashes, and the letters of
    ``\\n`` and its like where those characters stand. A blank and its ``+`` in a URL are the same, too."""
    return text.translate(_FOLDED, b"\\")


def _with_plus(there: bytes, value: bytes) -> bool:
    """Whether this is the value, but for ``+`` in the place of blanks."""
    return all(one == other or (one, other) == (0x2B, 0x20) for one, other in zip(there, value, strict=True))


def _with_neighbours(form: Form, text: bytes, start: int, end: int) -> tuple[int, int]:
    """The base64 characters beside a form that hold a part of it, and the padding."""
    if form.before and start and text[start - 1] in BASE64:
        start -= 1
    if form.after and end < len(text) and text[end] in BASE64:
        end += 1
    while form.after and end < len(text) and text[end] == _PADDING:
        end += 1
    return start, end
