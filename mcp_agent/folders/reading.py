"""What is known of a file: kind, size, version, digest."""

from __future__ import annotations

import hashlib
import os
import stat
from datetime import UTC, datetime
from typing import BinaryIO, Literal

from msgspec import Struct

from mcp_agent.folders.handles import is_link

_BLOCK = 2**18
_END = 2**20


class FileInfo(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``path`` is absolute; ``size`` in bytes; ``modified`` in UTC, to the second; ``mode`` holds the permissions.

    ``version`` differs when the file was changed, replaced or swapped; it stays when it is moved. ``sha256`` only where
    it was asked for. Links are listed, and never followed.
    """

    path: str
    kind: Literal["file", "folder", "link", "other"]
    size: int = 0
    modified: datetime | None = None
    mode: int = 0
    version: str = ""
    sha256: str | None = None


def describe(path: str, found: os.stat_result, sha256: str | None = None) -> FileInfo:
    kind = _kind(found)
    return FileInfo(
        path=path, kind=kind, size=found.st_size if kind == "file" else 0, sha256=sha256, version=version_of(found),
        mode=stat.S_IMODE(found.st_mode) & 0o777, modified=_time(found.st_mtime),
    )  # fmt: skip


def _time(seconds: float) -> datetime | None:
    """None for a time that no calendar has: file systems hold any number."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (OverflowError, ValueError, OSError):
        return None


def version_of(found: os.stat_result) -> str:
    """A folder keeps its version whatever happens in it."""
    if stat.S_ISDIR(found.st_mode):
        return f"folder-{found.st_ino:x}"
    return f"{found.st_mtime_ns:x}-{found.st_size:x}-{found.st_ino:x}"


def digest_of(fd: int) -> str:
    """SHA-256 of all bytes of a file, whatever was read of it before."""
    digest = hashlib.sha256()
    os.lseek(fd, 0, os.SEEK_SET)
    while block := os.read(fd, _BLOCK):
        digest.update(block)
    os.lseek(fd, 0, os.SEEK_SET)
    return digest.hexdigest()


def ends_of(file: BinaryIO, size: int) -> str:
    """SHA-256 of the first and the last MiB: enough to know a file again, quick for a large one."""
    digest = hashlib.sha256(file.read(_END))
    file.seek(max(_END, size - _END))
    digest.update(file.read(_END))
    return digest.hexdigest()


def _kind(found: os.stat_result) -> Literal["file", "folder", "link", "other"]:
    if is_link(found):
        return "link"
    if stat.S_ISDIR(found.st_mode):
        return "folder"
    return "file" if stat.S_ISREG(found.st_mode) else "other"
