"""Files that several processes change at once: one at a time, and never half written."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Hashable, Iterator
from pathlib import Path

from mcp_agent.errors import VaultError

_OPEN = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_WAIT = 15.0
"""Seconds to wait for another process that holds the lock."""
_MAX_BYTES = 64 * 2**20


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file of ``path``; it is let go when the process ends, however it ends.

    What the system refuses on the way becomes a VaultError.
    """
    lock = path.with_name(f"{path.name}.lock")
    try:
        lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | _OPEN, 0o600)
        try:
            _acquire(descriptor, lock)
            yield
        finally:
            os.close(descriptor)
    except OSError as error:
        where = error.filename or lock
        raise VaultError(f"{where} cannot be used: {error.strerror}. Secrets need it, and a disk with locks.") from None


def replace_file(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read. After a crash it is as before or as now, nothing between.

    Hold the lock. Raises OSError.
    """
    fresh = path.with_name(f".{path.name}.new")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _OPEN, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)
    os.replace(fresh, path)
    if sys.platform != "win32":  # the new name itself must be on disk too
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def read_file(path: Path) -> bytes | None:
    """None where there is none. Raises OSError, and VaultError for one too large to be right."""
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    if len(data) > _MAX_BYTES:
        raise VaultError(f"{path} is larger than {_MAX_BYTES} bytes: it was not written by this program. Move it away.")
    return data


def stamp_of(path: Path) -> Hashable:
    """Differs once the file was replaced."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _acquire(descriptor: int, lock: Path) -> None:
    until = time.monotonic() + _WAIT
    while not _try_lock(descriptor):
        if time.monotonic() > until:
            raise VaultError(f"Another process has held {lock} for {_WAIT:g} seconds. End it, then try again.")
        time.sleep(0.005)


def _try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
