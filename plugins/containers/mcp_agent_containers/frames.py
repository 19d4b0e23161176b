"""Logs as an engine sends them: what a container wrote to output and errors, in frames of one stream.

A frame is 8 bytes (which of both, three zeros, length of what follows, big-endian) and what was written. A container
with a terminal has no frames: all is output.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterator

from mcp_agent import LogLines

_HEADER = struct.Struct(">BxxxL")


class FramedLines:
    """Like LogLines, of frames: lines of output and of errors do not mix."""

    def __init__(self) -> None:
        self._raw = bytearray()
        self._left = 0
        self._stream = 1
        self._lines: defaultdict[int, LogLines] = defaultdict(LogLines)

    def feed(self, data: bytes) -> Iterator[bytes]:
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
            yield from self._lines[self._stream].feed(bytes(raw[at : at + taken]))
            at += taken
            self._left -= taken
        del raw[:at]

    def end(self) -> Iterator[bytes]:
        for lines in self._lines.values():
            yield from lines.end()
