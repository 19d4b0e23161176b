"""Logs as they come: a stream cut into lines, of which a bounded number is kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

LONGEST_LINE = 4000
"""Bytes of a line that are kept."""
_ERRORS = (
    r"(?i)\b(?:error|fatal|critical|panic|severe|alert|emerg|traceback|exception|segfault|out of memory|killed|"
    r"unhandled|uncaught|failed|failure|refused|denied|timed out|cannot)\b|[A-Za-z]+(?:Exception|Error)\b|\" 5\d\d "
)
_BELOW = ("\t", "  ", "Caused by:", "During handling", "The above exception", "...")
"""How lines begin that belong to the error above them."""
_LONGEST_TAIL = 30


class Lines:
    """Feed it what came; it gives whole lines. A line that never ends is cut, and takes no more memory."""

    def __init__(self) -> None:
        self._open = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        *whole, rest = data.split(b"\n")
        held = self._open
        for line in whole:
            held += line[: LONGEST_LINE - len(held)]
            yield bytes(held).rstrip(b"\r")
            held.clear()
        held += rest[: LONGEST_LINE - len(held)]

    def end(self) -> Iterator[bytes]:
        """What was written without an end of line."""
        if self._open:
            yield bytes(self._open)


class Sieve:
    """Keeps the last ``most`` of the lines that are wanted, with what belongs to an error below it."""

    def __init__(self, most: int, wanted: Callable[[bytes], object] | None, *, with_tails: bool) -> None:
        self.lines: deque[bytes] = deque(maxlen=most)
        self.read = self.matched = 0
        self._wanted = wanted
        self._with_tails = with_tails
        self._tail = 0

    def add(self, line: bytes) -> None:
        self.read += 1
        if self._wanted is None or self._wanted(line):
            self.matched += 1
            self.lines.append(line)
            self._tail = _LONGEST_TAIL if self._with_tails else 0
        elif self._tail and line[:40].decode(errors="replace").startswith(_BELOW):
            self._tail -= 1
            self.lines.append(line)
        else:
            self._tail = 0


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
    return lambda line: all(one.search(line) for one in found)
