"""Bytes as they come, lines as they were meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class LineTooLong(NamedTuple):
    limit: int


class LineSplitter:
    """Cuts a byte stream into lines without their ends, LF or CRLF. A line over ``limit`` is skipped and told of."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._skipping = False

    def feed(self, data: bytes) -> Iterator[bytes | LineTooLong]:
        *ends, tail = data.split(b"\n")
        for end in ends:
            line = self._complete(end)
            if line is not None:
                yield line
        if self._skipping or not tail:
            return
        self._parts.append(tail)
        self._size += len(tail)
        if self._size > self._limit:
            self._parts, self._size, self._skipping = [], 0, True
            yield LineTooLong(self._limit)

    def rest(self) -> bytes:
        """What came after the last line end, once nothing more will come."""
        rest, self._parts, self._size = b"".join(self._parts), [], 0
        return rest.rstrip(b"\r")

    def _complete(self, end: bytes) -> bytes | LineTooLong | None:
        if self._skipping:
            self._skipping = False
            return None
        if self._parts:
            self._parts.append(end)
            end = b"".join(self._parts)
            self._parts, self._size = [], 0
        if len(end) > self._limit:
            return LineTooLong(self._limit)
        return end[:-1] if end.endswith(b"\r") else end
