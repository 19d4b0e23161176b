"""Who takes longer than a given time: for many at once and cheaply, as almost nobody ever does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Watch(Generic[T]):
    """Calls ``late`` with whoever has begun and not ended within ``seconds``, once.

    All have the same time, so they run out in the order in which they began, and one timer of the event loop is enough.
    A timer for each would cost a call more than most of what is done for it.
    """

    def __init__(self, seconds: float, late: Callable[[T], None]) -> None:
        self._seconds = seconds
        self._late = late
        self._loop = asyncio.get_running_loop()
        self._until: dict[T, float] = {}
        self._armed = False

    def begin(self, one: T) -> None:
        until = self._until[one] = self._loop.time() + self._seconds
        if not self._armed:
            self._armed = True
            self._loop.call_at(until, self._look)

    def end(self, one: T) -> None:
        """It need not have begun, or may have been late already."""
        self._until.pop(one, None)

    def age(self, one: T) -> float | None:
        """Seconds since it began, None for one that has ended, was late, or never began."""
        until = self._until.get(one)
        return None if until is None else self._loop.time() - until + self._seconds

    def _look(self) -> None:
        """Look again when the next may be late."""
        now = self._loop.time()
        late: list[T] = []
        again: float | None = None
        for one, until in self._until.items():
            if until > now:
                again = until
                break
            late.append(one)
        for one in late:
            del self._until[one]
        self._armed = again is not None
        if again is not None:
            self._loop.call_at(again, self._look)
        for one in late:
            self._late(one)
