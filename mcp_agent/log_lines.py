"""Logs that others wrote, for plugins that read them: a stream cut into lines, of which a bounded number is kept."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime

from mcp_agent.errors import ToolError
from mcp_agent.expressions import expression

LONGEST_LINE = 4000
"""Bytes of a line that are kept."""
_LONGEST_TRACE = 30
"""Lines below an error that are kept with it."""
_BELOW = ("\t", "  ", "Caused by:", "During handling", "The above exception", "...")
"""How lines begin that belong to the error above them."""
_ERRORS = (
    r"(?i)\b(?:error|err|fatal|critical|crit|panic|emerg|severe|alert|traceback|segfault|segmentation fault|"
    r"out of memory|(?:oom)?killed|unhandled|uncaught|failed|failure|refused|denied|cannot|timed out)\b"
    r"|[A-Za-z]*(?:Exception|Error)\b|\b[45]\d\d (?:Internal|Bad Gateway|Service Unavailable)|\" 5\d\d "
)
_AGO = re.compile(r"(\d{1,6})\s*([smhd])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class LogLines:
    """Feed it what came, in pieces of any size; it gives whole lines, without their ends. A line that never ends is
    cut after 4,000 bytes, and takes no more memory than that."""

    def __init__(self) -> None:
        self._open = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The lines that end in ``data``."""
        held = self._open
        if data and not held and data.find(b"\n") == len(data) - 1:  # what many a writer sends: one whole line
            yield data[:LONGEST_LINE].rstrip(b"\r\n")
            return
        *whole, rest = data.split(b"\n")
        for line in whole:
            held += line[: LONGEST_LINE - len(held)]
            yield bytes(held).rstrip(b"\r")
            held.clear()
        held += rest[: LONGEST_LINE - len(held)]

    def end(self) -> Iterator[bytes]:
        """What was written without an end of line. Nothing may be fed after it."""
        if self._open:
            yield bytes(self._open)


class LogSieve:
    """Keeps the last ``most`` of the lines that are wanted, oldest first: all, or those that the expression ``grep``
    (RE2) finds something in; with ``errors`` those that tell of an error, and the stack traces below them.

    ``lines`` are kept, of ``read`` that were added; ``matched`` counts all that were wanted, traces apart. ``picks``
    says whether it leaves any out: where it does not, the last lines of the log are all that it needs to see. Raises
    ToolError for a ``grep`` that is no expression.
    """

    def __init__(self, most: int, *, grep: str | None = None, errors: bool = False) -> None:
        self.lines: deque[bytes] = deque(maxlen=most)
        self.read = self.matched = 0
        self._searches = [expression(one).search for one in (grep, _ERRORS if errors else None) if one]
        self.picks = bool(self._searches)
        self._errors = errors
        self._kept = self._trace = 0

    def add(self, line: bytes) -> None:
        self.read += 1
        if self._fits(line):
            self.matched += 1
            self._trace = _LONGEST_TRACE if self._errors else 0
        elif self._trace and line[:40].decode(errors="replace").startswith(_BELOW):
            self._trace -= 1
        else:
            self._trace = 0
            return
        self._kept += 1
        self.lines.append(line)

    def _fits(self, line: bytes) -> bool:
        for search in self._searches:  # noqa: SIM110  all() takes three times as long, for each of millions of lines
            if not search(line):
                return False
        return True

    @property
    def more(self) -> bool:
        """Whether there are, or may be, wanted lines before those that are kept."""
        return self._kept > len(self.lines) if self.picks else self.read >= (self.lines.maxlen or 0)

    def texts(self) -> list[str]:
        """The lines that are kept; what is no UTF-8 is replaced."""
        return [line.decode(errors="replace") for line in self.lines]


def log_since(text: str, now: float) -> float:
    """The moment that a person means by '15m', '2h', '3d' (ago) or an ISO time, UTC where it names no zone: seconds
    since 1970, as ``now`` is. Raises ToolError."""
    ago = _AGO.fullmatch(text.strip())
    if ago:
        return now - int(ago[1]) * _UNITS[ago[2]]
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ToolError(f"{text!r} is no time.", hint="Say '15m', '2h', '3d', or 2026-01-31T08:00:00Z.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
