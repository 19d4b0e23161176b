"""Time that passes when a test says so."""

from __future__ import annotations


class FakeClock:
    """A Clock that stands still. ``now`` is in seconds since the epoch; by default 2026-01-01 00:00 UTC."""

    def __init__(self, now: float = 1_767_225_600.0) -> None:
        self._now = now
        self._passed = 0.0

    def time(self) -> float:
        return self._now + self._passed

    def monotonic(self) -> float:
        return self._passed

    def advance(self, seconds: float) -> None:
        """Let time pass. Timers of the event loop do not notice."""
        self._passed += seconds
