"""Bytes kept for undo, by their SHA-256: what undo writes down of a file is then one short line."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from mcp_agent.errors import ToolError

_BLOCK = 2**18
_LEAST_SHARE = 4
"""One file may take this part of the room."""


class Backups:
    """Keeps files in ``folder``, or in memory where that is None; the oldest make room. Safe for several processes."""

    def __init__(self, folder: Path | None, *, most_bytes: int = 2**30) -> None:
        self._folder = folder
        self._most = most_bytes if folder is not None else min(most_bytes, 2**26)
        self._memory: dict[str, bytes] = {}
        self._size: int | None = None
        self._one_at_a_time = threading.Lock()

    def keep(self, file: BinaryIO, size: int) -> str:
        """Keep the bytes of a file from where it stands; gives their SHA-256. They are on disk when this returns.

        Raises ToolError for a file that is too large to be kept.
        """
        if size > self._most // _LEAST_SHARE:
            raise ToolError(
                f"The file has {size:,} bytes; only up to {self._most // _LEAST_SHARE:,} are kept for undo.",
                hint="Change it by hand, or work on a smaller part of it.",
            )
        with self._one_at_a_time:
            if self._folder is None:
                return self._keep_in_memory(file.read())
            return self._keep_on_disk(self._folder, file)

    def open(self, sha256: str) -> BinaryIO:
        """The bytes again, checked against their digest. Raises ToolError when they had to make room."""
        try:
            data = self._memory[sha256] if self._folder is None else (self._folder / sha256).read_bytes()
        except (KeyError, FileNotFoundError):
            raise ToolError("The old content is not kept any more: newer backups took its room.") from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ToolError("The old content that was kept is damaged.")
        return io.BytesIO(data)

    def _keep_in_memory(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        self._memory[sha256] = self._memory.pop(sha256, data)
        size = sum(map(len, self._memory.values()))
        for oldest in list(self._memory)[:-1]:
            if size <= self._most:
                break
            size -= len(self._memory.pop(oldest))
        return sha256

    def _keep_on_disk(self, folder: Path, file: BinaryIO) -> str:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = folder / f"unfinished-{secrets.token_hex(8)}"
        try:
            sha256, size = _copy(file, unfinished)
            path = folder / sha256
            try:
                os.utime(path)  # kept already, and now among the newest
            except FileNotFoundError:
                unfinished.replace(path)
                self._make_room(folder, size, path)
        finally:
            unfinished.unlink(missing_ok=True)
        return sha256

    def _make_room(self, folder: Path, added: int, newest: Path) -> None:
        self._size = None if self._size is None else self._size + added
        if self._size is not None and self._size <= self._most:
            return
        room = self._most
        for _, size, path in sorted(_files(folder), key=lambda file: (file[2] != newest, -file[0])):
            if size > room:
                path.unlink(missing_ok=True)
            else:
                room -= size
        self._size = self._most - room


def _copy(file: BinaryIO, target: Path) -> tuple[str, int]:
    """Gives digest and size of what is safely on disk now."""
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += copy.write(block)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest(), size


def _files(folder: Path) -> Iterator[tuple[int, int, Path]]:
    """When each was last used, its size, its place."""
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # another process made room as well
            found = path.stat()
            yield found.st_mtime_ns, found.st_size, path
