"""Which state of the world an answer belongs to: a token for each plugin, new with every change made through it."""

from __future__ import annotations

import mmap
import os
import random
import zlib
from pathlib import Path

_TOKEN = 8
_SLOTS = 1024
_SIZE = _TOKEN * _SLOTS


class Epochs:
    """Shared by all processes on one home, at the price of a memory access: the file is mapped, never read.

    Two plugins may happen to share a token; then a change through one counts for both. Without a path it is
    this process's own.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._slots: bytearray | mmap.mmap | None = None

    def of(self, plugin: str) -> bytes:
        """The token of now. The same token later means that nothing was changed in between."""
        slots = self._slots or self._open()
        at = zlib.crc32(plugin.encode()) % _SLOTS * _TOKEN
        return bytes(slots[at : at + _TOKEN])

    def changed(self, plugin: str) -> None:
        """Random, not counted: two processes at once must not arrive at the same token."""
        slots = self._slots or self._open()
        at = zlib.crc32(plugin.encode()) % _SLOTS * _TOKEN
        slots[at : at + _TOKEN] = random.getrandbits(8 * _TOKEN).to_bytes(_TOKEN, "little")

    def close(self) -> None:
        if isinstance(self._slots, mmap.mmap):
            self._slots.close()
        self._slots = None

    def _open(self) -> bytearray | mmap.mmap:
        if self._path is None:
            self._slots = bytearray(_SIZE)
            return self._slots
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        try:
            if os.fstat(descriptor).st_size < _SIZE:
                os.truncate(descriptor, _SIZE)
            self._slots = mmap.mmap(descriptor, _SIZE)
        finally:
            os.close(descriptor)
        return self._slots
