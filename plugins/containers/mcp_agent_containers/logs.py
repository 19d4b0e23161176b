"""Logs as they come from an engine: a stream of frames, cut into lines, of which a bounded number is kept.

A frame is 8 bytes (which stream, three zeros, length of what follows, big-endian) and what a container wrote. A
container with a terminal has no frames: all is output.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable, Iterator

from msgspec import Struct

LONGEST_LINE = 4000
"""Bytes of a line that are kept."""
_HEADER = struct.Struct(">BxxxL")
_ERRORS = (
    r"(?i)\b(?:error|err|fatal|critical|crit|panic|emerg|severe|alert|traceback|segfault|segmentation fault|"
    r"out of memory|oom-?killed|killed process|unhandled|uncaught|failed|failure|refused|denied|timed out)\b"
    r"|[A-Za-z]*(?:Exception|Error)\b|\b[45]\d\d (?:Internal|Bad Gateway|Service Unavailable)|\" 5\d\d "
)
_GOES_ON = ("\t", "  ", "Caused by:", "During handling", "The above exception", "...")
"""How lines begin that belong to the error above them."""
_LONGEST_TAIL = 30


class Lines:
    """Feed it what came; it gives whole lines. A line that never ends is cut, and takes no more memory."""

    def __init__(self, *, framed: bool) -> None:
        self._framed = framed
        self._raw = bytearray()
        self._left = 0
        self._stream = 1
        self._open: dict[int, bytearray] = {}

    def feed(self, data: bytes) -> Iterator[bytes]:
        if not self._framed:
            yield from self._cut(1, data)
            return
        raw = self._raw
        raw += data
        at, size = 0, len(raw)
        while True:
            if not self._left:
                if size - at < _HEADER.size:
                    break
                self._stream, self._left = _HEADER.unpack_from(raw, at)
                at += _HEADER.size
            taken = min(self._left, size - at)
            if not taken:
                if self._left:
                    break
                continue
            yield from self._cut(self._stream, bytes(raw[at : at + taken]))
            at += taken
            self._left -= taken
        del raw[:at]

    def _cut(self, stream: int, data: bytes) -> Iterator[bytes]:
        held = self._open.get(stream)
        if data and not held and data.find(b"\n") == len(data) - 1:  # what nearly every frame is: one whole line
            yield data[:LONGEST_LINE].rstrip(b"\r\n")
            return
        *whole, rest = data.split(b"\n")
        held = self._open.setdefault(stream, bytearray())
        for line in whole:
            held += line[: LONGEST_LINE - len(held)]
            yield bytes(held).rstrip(b"\r")
            held.clear()
        held += rest[: LONGEST_LINE - len(held)]

    def end(self) -> Iterator[bytes]:
        """What was written without an end of line."""
        for held in self._open.values():
            if held:
                yield bytes(held)


class Kept(Struct):
    """The last of the lines that were wanted, and how many there were."""

    lines: deque[bytes]
    wanted: int = 0
    read: int = 0


class Sieve:
    """Keeps the last ``most`` of the lines that ``wanted`` is true for, with what belongs to an error below it."""

    def __init__(self, most: int, wanted: Callable[[bytes], object] | None, *, with_tails: bool) -> None:
        self.kept = Kept(deque(maxlen=most))
        self._wanted = wanted
        self._with_tails = with_tails
        self._tail = 0

    def add(self, line: bytes) -> None:
        kept = self.kept
        kept.read += 1
        if self._wanted is None or self._wanted(line):
            kept.wanted += 1
            kept.lines.append(line)
            self._tail = _LONGEST_TAIL if self._with_tails else 0
        elif self._tail and _belongs(line):
            self._tail -= 1
            kept.lines.append(line)
        else:
            self._tail = 0


def _belongs(line: bytes) -> bool:
    return line[:40].decode(errors="replace").startswith(_GOES_ON)


def pattern(grep: str | None, *, errors: bool) -> Callable[[bytes], object] | None:
    """What tells whether a line is wanted; None for all. Raises ValueError for what is no expression."""
    import re2

    if grep is None and not errors:
        return None
    options = re2.Options()
    options.log_errors = False
    try:
        found = [re2.compile(one, options) for one in (grep, _ERRORS if errors else None) if one is not None]
    except re2.error as error:
        raise ValueError(str(error.args[0] if error.args else error)) from None
    if len(found) == 1:
        return found[0].search  # type: ignore[no-any-return]
    return lambda line: all(one.search(line) for one in found)
