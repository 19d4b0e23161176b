"""Takes secrets out of everything that leaves.

A text is searched in two steps. The first is quick and may see too much: one automaton over all forms of all secrets,
over the text without its backslashes and with URL encoding undone. Only where it finds something, the second looks
exactly, level by level, and replaces.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, AnyStr

import msgspec

from mcp_agent.errors import VaultError
from mcp_agent.jsonio import encode
from mcp_agent.model import Json
from mcp_agent.vault.forms import BASE64, Form, forms_of
from mcp_agent.vault.layers import DEPTH, Layer, undone_quickly
from mcp_agent.vault.secret import MARK, Secret

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

SHORTEST = 6
LONGEST = 64 * 1024

_MARK = MARK.encode()
_NO_VALUE = re.compile(r"[\s\\]")
_UNSURE = re.compile(rb"\\u|u[0-9a-fA-F]{4}")
_FOLDED = bytes.maketrans(b"\b\f\n\r\t+", b"bfnrt ")
_BLANKS = bytes.maketrans(b"+", b" ")
_PADDING = ord("=")


def check_value(value: Secret) -> None:
    """Raises VaultError for what could not be taken out again."""
    text = value.reveal()
    if len(_NO_VALUE.sub("", text)) < SHORTEST:
        raise VaultError(
            f"A secret has {SHORTEST} characters at least, not counting blanks and backslashes: a shorter one would be "
            "struck out of ordinary words and numbers too. Use a longer one."
        )
    if len(text.encode()) > LONGEST:
        raise VaultError(f"A secret has {LONGEST} bytes at most. Keep larger things in a file that only you may read.")


class _Search:
    """Everything built from one set of values. Never changed: a new set gets a new one."""

    def __init__(self, values: frozenset[bytes]) -> None:
        from ahocorasick_rs import BytesAhoCorasick

        forms = list({form for value in values for form in forms_of(value)})
        found: dict[bytes, list[Form]] = {}
        for form in forms:
            found.setdefault(form.text.translate(_BLANKS), []).append(form)
        self.forms = list(found.values())
        self.exact: BytesAhoCorasick = BytesAhoCorasick(list(found))
        self.quick: BytesAhoCorasick = BytesAhoCorasick(list({_fold(text) for text in _as_seen(forms)}))
        self.unsure = any(_UNSURE.search(value) for value in values)


class Redactor:
    """The live secrets of this process. With none, everything passes through untouched.

    What it finds: a value as it is, in hex, in base64 of either alphabet wherever in the coded bytes it stands, and
    all that inside JSON strings and URL encoding, up to four levels deep. Not what a program computes from a value:
    reversed, hashed, encrypted, compressed, or cut into pieces.
    """

    def __init__(self) -> None:
        self._values: frozenset[bytes] = frozenset()
        self._search: _Search | None = None
        self._lock = threading.Lock()

    @property
    def active(self) -> bool:
        return self._search is not None

    def add(self, secret: Secret) -> None:
        """Take this value out of everything from now on. Raises VaultError for one that is too short or too long."""
        check_value(secret)
        value = secret.reveal().encode()
        with self._lock:
            if value not in self._values:
                values = self._values | {value}
                self._search = _Search(values)
                self._values = values

    def clear(self) -> None:
        """Forget all values."""
        with self._lock:
            self._values, self._search = frozenset(), None

    def redact(self, text: AnyStr) -> AnyStr:
        """The text with ``***`` for every secret in it. One without any comes back as it is."""
        search = self._search
        if search is None:
            return text
        data = text.encode(errors="surrogatepass") if isinstance(text, str) else text
        if not _suspicious(search, data):
            return text
        clean = _replaced(search, data)
        if clean == data:
            return text
        return clean.decode(errors="surrogatepass") if isinstance(text, str) else clean

    def redact_json(self, value: Json) -> Json:
        """The same for every text, key and number in a JSON value."""
        if self._search is None:
            return value
        if isinstance(value, str):
            return self.redact(value)
        if isinstance(value, dict):
            return {self.redact_json(key): self.redact_json(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.redact_json(item) for item in value]
        if value is None or isinstance(value, bool):
            return value
        text = str(value)  # numbers, and what JSON has no form for and would write as text
        clean = self.redact(text)
        return value if clean == text else clean

    def redact_frame(self, frame: bytes) -> bytes:
        """The same for a JSON message, which stays JSON whatever is taken out of it."""
        search = self._search
        if search is None or not _suspicious(search, frame):
            return frame
        try:
            message: Any = msgspec.json.decode(frame)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return self.redact(frame)
        clean = self.redact_json(message)
        return frame if clean == message else encode(clean)


def _fold(text: bytes) -> bytes:
    """The same for a text and for any JSON string of it, but for ``\\uXXXX``: no backslashes, and the letters of
    ``\\n`` and its like where those characters stand. A blank and its ``+`` in a URL are the same, too."""
    return text.translate(_FOLDED, b"\\")


def _as_seen(forms: list[Form]) -> Iterator[bytes]:
    """The forms, and those of characters that JSON writes as two ``\\uXXXX``, undone one by one."""
    for form in forms:
        yield form.text
        if form.plain and any(byte >= 0xF0 for byte in form.text):
            units = form.text.decode().encode("utf-16-be")
            pairs = (int.from_bytes(units[at : at + 2]) for at in range(0, len(units), 2))
            yield b"".join(chr(unit).encode(errors="surrogatepass") for unit in pairs)


def _suspicious(search: _Search, data: bytes) -> bool:
    """Whether there may be a secret in it. False is certain."""
    if search.quick.find_matches_as_indexes(data.translate(_FOLDED, b"\\")):
        return True
    if b"%" not in data and b"\\u" not in data:
        return False
    if search.unsure and b"\\u" in data:
        return True
    seen, texts = {data}, [data]
    for _ in range(DEPTH):
        texts = [deeper for text in texts for deeper in undone_quickly(text) if deeper not in seen]
        seen.update(texts)
        if any(search.quick.find_matches_as_indexes(_fold(text)) for text in texts):
            return True
        if search.unsure and any(b"\\u" in text for text in texts):
            return True
    return False


def _replaced(search: _Search, data: bytes) -> bytes:
    """Again until nothing is left: what stood on both sides of a secret may be one now. It gets shorter each time."""
    while spans := _spans(search, data):
        parts, last = [], 0
        for start, end in spans:
            if start >= last:
                parts += [data[last:start], _MARK]
            last = max(last, end)
        data = b"".join([*parts, data[last:]])
    return data


def _spans(search: _Search, data: bytes) -> list[tuple[int, int]]:
    """Where secrets stand, in order; they may overlap."""
    spans: set[tuple[int, int]] = set()
    seen, layers = {data}, [Layer(data)]
    for layer in layers:  # it grows
        spans.update(layer.outermost(start, end) for start, end in _found(search, layer.text))
        if layer.depth < DEPTH:
            for deeper in layer.deeper():
                if deeper.text not in seen:
                    seen.add(deeper.text)
                    layers.append(deeper)
    return sorted(spans)


def _found(search: _Search, text: bytes) -> Iterator[tuple[int, int]]:
    """Where a form of a secret stands in this very text."""
    for index, start, end in search.exact.find_matches_as_indexes(text.translate(_BLANKS), overlapping=True):
        there = text[start:end]
        for form in search.forms[index]:
            if there == form.text or (form.plain and _with_plus(there, form.text)):
                yield _with_neighbours(form, text, start, end)


def _with_neighbours(form: Form, text: bytes, start: int, end: int) -> tuple[int, int]:
    """The base64 characters beside a form that hold a part of it, and the padding."""
    if form.before and start and text[start - 1] in BASE64:
        start -= 1
    if form.after and end < len(text) and text[end] in BASE64:
        end += 1
    while form.after and end < len(text) and text[end] == _PADDING:
        end += 1
    return start, end


def _with_plus(there: bytes, value: bytes) -> bool:
    """Whether this is the value, but for ``+`` in the place of blanks."""
    return all(one == other or (one, other) == (0x2B, 0x20) for one, other in zip(there, value, strict=True))
