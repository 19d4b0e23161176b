"""The log file: a new one each day and at a size, old ones deleted, safe for several processes at once.

The file is opened for every batch of lines and closed again, under a lock file: nobody holds on to one that another
process moved away, and no two lines mix.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from mcp_agent.config import LogSettings
from mcp_agent.logs.lane import write_all

_DAY = 86_400
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class LogFile:
    """Writes lines to ``path``; old files stand beside it with the time of their end in the name."""

    def __init__(self, path: Path, settings: LogSettings) -> None:
        self._path = path
        self._settings = settings
        self._tidy = False

    def write(self, lines: list[bytes], now: float) -> None:
        """Append lines; ``now`` in seconds since the epoch. Raises OSError."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(self._path.with_suffix(".lock")):
            if not self._tidy:
                self._delete_old(now)
                self._tidy = True
            while lines:
                count = self._fitting(lines, now)
                if count == 0:
                    if self._begin_new(now):
                        continue
                    count = len(lines)
                descriptor = os.open(self._path, _APPEND, 0o600)
                try:
                    write_all(descriptor, b"".join(lines[:count]))
                finally:
                    os.close(descriptor)
                lines = lines[count:]

    def _fitting(self, lines: list[bytes], now: float) -> int:
        """How many lines the present file takes: 0 when it is full or of another day."""
        try:
            present = self._path.stat()
        except FileNotFoundError:
            present = None
        size = 0 if present is None else present.st_size
        if present is not None and size and present.st_mtime // _DAY < now // _DAY:
            return 0
        count = 0
        for line in lines:
            size += len(line)
            if size > self._settings.max_bytes and size > len(line):
                break
            count += 1
        return count

    def _begin_new(self, now: float) -> bool:
        """False where the file cannot be moved now: on Windows, while somebody reads it."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        try:
            os.replace(self._path, self._path.with_name(f"{self._path.stem}.{stamp}{self._path.suffix}"))
        except PermissionError:
            return False
        self._delete_old(now)
        return True

    def _delete_old(self, now: float) -> None:
        old = sorted(self._path.parent.glob(f"{self._path.stem}.*{self._path.suffix}"), reverse=True)
        for index, path in enumerate(old):
            with contextlib.suppress(OSError):  # gone, or held open on Windows: next time
                if index >= self._settings.keep_files or path.stat().st_mtime < now - self._settings.keep_days * _DAY:
                    path.unlink()


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep other processes out. A file system that knows no locks gets none."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with contextlib.suppress(OSError):
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
            else:
                import fcntl

                fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)  # lets go of the lock as well
