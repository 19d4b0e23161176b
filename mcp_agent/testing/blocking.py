"""Code that blocks the event loop, and with it every other call: found by looking from a thread."""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path
from types import FrameType, TracebackType

_LOOK = 0.1
_LOOKS = 20
"""So many looks in a row at a loop that stands still, two seconds in all: longer than a heavy library takes to import.
Looks are counted, not time: on a busy machine who looks waits as well."""


class Blocked:
    """``with Blocked(package) as blocked``, on the loop to be watched: ``blocked.at`` is the line of the package in
    which it stood still, None where it did not."""

    def __init__(self, package: str) -> None:
        self.at: str | None = None
        self._package = package
        self._moved = False
        self._over = threading.Event()

    def __enter__(self) -> Blocked:
        self._loop, self._watched = asyncio.get_running_loop(), threading.get_ident()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        still = 0
        while not self._over.wait(_LOOK):
            still = 0 if self._moved else still + 1
            self._moved = False
            self._loop.call_soon_threadsafe(self._move)
            if still >= _LOOKS and self.at is None:
                self.at = self._line_of(sys._current_frames().get(self._watched))

    def _move(self) -> None:
        self._moved = True

    def _line_of(self, frame: FrameType | None) -> str | None:
        while frame is not None:
            parts = Path(frame.f_code.co_filename).with_suffix("").parts
            if self._package in parts:
                return f"{'/'.join(parts[parts.index(self._package) :])}.py, line {frame.f_lineno}"
            frame = frame.f_back
        return None
