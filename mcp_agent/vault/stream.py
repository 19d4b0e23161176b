"""Takes secrets out of what anything in this process prints."""

from __future__ import annotations

import io
import threading
from typing import TextIO

from mcp_agent.vault.redact import Redactor

_LONGEST = 64 * 1024


class RedactingStream(io.TextIOBase):
    """Stands in for ``sys.stdout`` or ``sys.stderr``. It holds text back until its line is complete: a value may be
    printed in several pieces. What C libraries write to the descriptor does not pass through here."""

    def __init__(self, stream: TextIO, redactor: Redactor) -> None:
        self._stream = stream
        self._redactor = redactor
        self._held = ""
        self._lock = threading.Lock()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._stream.encoding

    def write(self, text: str, /) -> int:
        with self._lock:
            self._held += text
            if "\n" not in text and len(self._held) <= _LONGEST:
                return len(text)
            self._held = self._redactor.redact(self._held)  # before it is cut at a line: a value may have several
            whole, line_break, rest = self._held.rpartition("\n")
            self._held = rest if line_break else ""
            self._stream.write(whole + line_break if line_break else rest)
        return len(text)

    def flush(self) -> None:
        """Write what is there, also of a line that is not complete."""
        with self._lock:
            if self._stream.closed:  # and so is the process, nearly: there is nobody left to tell
                return
            if self._held:
                held, self._held = self._held, ""
                self._stream.write(self._redactor.redact(held))
            self._stream.flush()

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._stream.isatty()

    def fileno(self) -> int:
        return self._stream.fileno()
