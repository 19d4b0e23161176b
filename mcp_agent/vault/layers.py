"""Texts in texts: JSON strings, URLs and XML undone, level by level, with the way back to the outermost text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes

DEPTH = 4
"""Levels of encoding that are undone: JSON in a JSON string in a URL in a frame."""

_HEX = rb"[0-9a-fA-F]"
_JSON = re.compile(
    rb"\\(?:u([dD][89abAB]" + _HEX + rb"{2})\\u([dD][c-fC-F]" + _HEX + rb"{2})"
    rb"|u(" + _HEX + rb'{4})|(["\'\\/bfnrt]))'
)  # fmt: skip
"""``\\'`` is no escape of JSON but of Python, which is how a traceback shows a value that holds both quotes."""
_URL = re.compile(rb"%(" + _HEX + rb"{2})")
_XML = re.compile(rb"&(?:#([0-9]{1,7})|#[xX](" + _HEX + rb"{1,6})|(amp|lt|gt|quot|apos));")
_PAIR = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_FOUR = re.compile(_HEX + rb"{4}")
_NAMED = {b"amp": b"&", b"lt": b"<", b"gt": b">", b"quot": b'"', b"apos": b"'"}
_SIMPLE = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}


class Layer:
    """A text with one more level undone than the one ``below`` it; without one it is the outermost."""

    def __init__(self, text: bytes, below: Layer | None = None) -> None:
        self.text = text
        self.depth: int = 0 if below is None else below.depth + 1
        self._below = below
        self._at: list[int] = []  # where each decoded piece begins here
        self._pieces: list[tuple[int, int, int]] = []  # its length here; its begin and end below

    def deeper(self) -> Iterator[Layer]:
        """The same with one more level undone, in each way that changes anything."""
        for pattern, decode in ((_JSON, _json_piece), (_URL, _url_piece), (_XML, _xml_piece)):
            layer = self._undone(pattern, decode)
            if layer is not None:
                yield layer

    def outermost(self, start: int, end: int) -> tuple[int, int]:
        """Where in the outermost text the part from ``start`` to ``end`` stands."""
        layer = self
        while layer._below is not None:
            start, end = layer._source(start)[0], layer._source(end - 1)[1]
            layer = layer._below
        return start, end

    def _source(self, index: int) -> tuple[int, int]:
        """Begin and end, one level below, of what became the byte at ``index``."""
        nearest = bisect_right(self._at, index) - 1
        if nearest < 0:
            return index, index + 1
        length, begin, end = self._pieces[nearest]
        beyond = index - self._at[nearest] - length
        return (begin, end) if beyond < 0 else (end + beyond, end + beyond + 1)

    def _undone(self, pattern: re.Pattern[bytes], decode: Callable[[re.Match[bytes]], bytes]) -> Layer | None:
        parts: list[bytes] = []
        layer = Layer(b"", self)
        here = last = 0
        for match in pattern.finditer(self.text):
            plain = decode(match)
            begin, end = match.span()
            here += begin - last
            parts += [self.text[last:begin], plain]
            layer._at.append(here)
            layer._pieces.append((len(plain), begin, end))
            here += len(plain)
            last = end
        if not parts:
            return None
        layer.text = b"".join([*parts, self.text[last:]])
        return layer


def undone_quickly(text: bytes) -> list[bytes]:
    """The text with a level of URL encoding undone, with its ``\\uXXXX``, and with what XML escapes; only what differs
    from it.

    Other escapes stay: whoever searches drops every backslash.
    """
    found = []
    if b"%" in text and (plain := unquote_to_bytes(text)) != text:
        found.append(plain)
    if b"\\u" in text and (plain := _characters(text)) != text:
        found.append(plain)
    if b"&" in text and (plain := _XML.sub(_xml_piece, text)) != text:
        found.append(plain)
    return found


def encoded(data: bytes) -> bool:
    """Whether there may be anything for ``undone_quickly``."""
    return b"%" in data or b"\\u" in data or (b"&" in data and b";" in data)


class _Characters(dict[bytes, bytes]):
    """Four hex digits to the UTF-8 of their character; anything else stays what it was in the text."""

    def __missing__(self, digits: bytes) -> bytes:
        if not _FOUR.fullmatch(digits):
            return b"\\u" + digits
        character = self[digits] = _code_point(int(digits, 16))
        return character


_CHARACTERS = _Characters()


def _characters(text: bytes) -> bytes:
    first, *pieces = text.split(b"\\u")
    found = first + b"".join([_CHARACTERS[piece[:4]] + piece[4:].rstrip(b"\\") for piece in pieces])
    return _PAIR.sub(_paired, found) if b"\xed" in found else found


def _paired(match: re.Match[bytes]) -> bytes:
    """Characters that JSON writes as two ``\\uXXXX`` become one again."""
    return match[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16").encode()


def _json_piece(match: re.Match[bytes]) -> bytes:
    high, low, single, simple = match.groups()
    if simple:
        return _SIMPLE.get(simple, simple)
    if single:
        return _code_point(int(single, 16))
    return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00).encode()


def _url_piece(match: re.Match[bytes]) -> bytes:
    return bytes.fromhex(match[1].decode())


def _xml_piece(match: re.Match[bytes]) -> bytes:
    decimal, hexadecimal, name = match.groups()
    if name:
        return _NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    return _code_point(number) if number < 0x110000 else match[0]


def _code_point(number: int) -> bytes:
    return chr(number).encode(errors="surrogatepass")
