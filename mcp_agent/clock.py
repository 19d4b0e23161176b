"""The machine's own time."""

from __future__ import annotations

import time


class SystemClock:
    """The Clock of everything that is no test."""

    def time(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()
