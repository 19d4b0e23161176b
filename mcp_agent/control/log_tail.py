"""The end of the log file, and what is added to it."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
from msgspec import Struct

_CHUNK = 128 * 1024
"""Bytes read at a time: what lies further back is left out."""


class LogLine(Struct, frozen=True, gc=False):
    """A record of the log. ``time`` is ISO 8601, UTC."""

    time: str = ""
    level: str = "info"
    logger: str = ""
    message: str = ""
    trace_id: str = ""
    exception: str = ""


_decode = msgspec.json.Decoder(LogLine).decode


class LogTail:
    """``read`` gives what is new since the last time. A file that was begun anew is read from its start."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: tuple[int, int] | None = None
        self._offset = 0

    def read(self) -> list[LogLine]:
        """Oldest first. Blocks for a moment. Nothing where there is no log."""
        try:
            with self._path.open("rb") as file:
                return self._news(file.fileno())
        except OSError:
            return []

    def _news(self, descriptor: int) -> list[LogLine]:
        status = os.fstat(descriptor)
        identity = (status.st_dev, status.st_ino)
        if identity != self._file or status.st_size < self._offset:
            self._file, self._offset = identity, 0
        start = max(self._offset, status.st_size - _CHUNK)
        data = os.pread(descriptor, _CHUNK, start) if hasattr(os, "pread") else _read(descriptor, start)
        if start > self._offset:  # begin with a whole line
            data = data[data.find(b"\n") + 1 :]
        end = data.rfind(b"\n") + 1
        self._offset = status.st_size - (len(data) - end)
        return [line for text in data[:end].splitlines() if (line := _line(text)) is not None]


def _read(descriptor: int, start: int) -> bytes:
    os.lseek(descriptor, start, os.SEEK_SET)
    return os.read(descriptor, _CHUNK)


def _line(text: bytes) -> LogLine | None:
    try:
        return _decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
