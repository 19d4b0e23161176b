"""Open folders. Each operation names one entry of a folder that is held open, and follows no link.

Where the system can do that (Linux, macOS) nothing on the way can be swapped between a check and its use. On Windows
the entry is checked right before it is used, by its path.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

BY_HANDLE = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_FILE = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_STANDS_FOR_ANOTHER = 0x20000000
"""In the tag of a reparse point: symbolic links, junctions, mounted volumes."""
_NOT_THROUGH_LINKS: dict[str, Any] = {"follow_symlinks": False} if os.link in os.supports_follow_symlinks else {}
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


class Handle:
    """A folder that is open. ``fd`` is None where the system cannot work relative to a handle."""

    def __init__(self, path: str, fd: int | None) -> None:
        self.path = path
        self.fd = fd

    @classmethod
    def root(cls, path: str, *, by_handle: bool = BY_HANDLE) -> Handle:
        """Open a folder by its real path. Raises OSError, also for a link."""
        _must_be_folder(os.lstat(path))
        return cls(path, os.open(path, _FOLDER) if by_handle else None)

    def child(self, name: str) -> Handle:
        """Open a folder in this one. Raises NotADirectoryError for everything else, links among it."""
        _must_be_folder(self.stat(name))
        path, at = self._at(name)
        return Handle(os.path.join(self.path, name), None if self.fd is None else os.open(path, _FOLDER, **at))

    def open(self, name: str, flags: int = os.O_RDONLY) -> int:
        """A descriptor of a regular file. Raises OSError for links, pipes, devices and folders."""
        if not flags & os.O_CREAT:
            _must_be_file(self.stat(name))  # opening a device may do something already
        path, at = self._at(name)
        fd = os.open(path, flags | _FILE, 0o666, **at)
        try:
            _must_be_file(os.fstat(fd))
        except OSError:
            os.close(fd)
            raise
        return fd

    def stat(self, name: str) -> os.stat_result:
        path, at = self._at(name)
        return os.stat(path, follow_symlinks=False, **at)

    def find(self, name: str) -> os.stat_result | None:
        """None for what is not there."""
        try:
            return self.stat(name)
        except FileNotFoundError:
            return None

    def entries(self) -> Iterator[os.DirEntry[str]]:
        with os.scandir(self.path if self.fd is None else self.fd) as found:
            yield from found

    def make(self, name: str) -> None:
        path, at = self._at(name)
        os.mkdir(path, **at)

    def remove(self, name: str) -> None:
        path, at = self._at(name)
        os.unlink(path, **at)

    def remove_folder(self, name: str) -> None:
        path, at = self._at(name)
        os.rmdir(path, **at)

    def replace(self, name: str, target: Handle, new: str) -> None:
        """Rename over whatever file is there."""
        paths, at = self._both(name, target, new)
        os.replace(*paths, **at)

    def move(self, name: str, target: Handle, new: str) -> None:
        """Rename to a name that is free. Raises FileExistsError when it is not."""
        if target.find(new) is not None:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new)
        paths, at = self._both(name, target, new)
        if stat.S_ISREG(self.stat(name).st_mode):
            try:  # a link, and then one name less: what came to be at the new name meanwhile is not overwritten
                os.link(paths[0], paths[1], **at, **_NOT_THROUGH_LINKS)
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
            else:
                return self.remove(name)
        os.rename(*paths, **at)

    def sync(self) -> None:
        """Names that were changed survive a power cut. Not on Windows, where folders cannot be synced."""
        if self.fd is not None:
            os.fsync(self.fd)

    def close(self) -> None:
        if self.fd is not None:
            os.close(self.fd)

    def _at(self, name: str) -> tuple[str, dict[str, Any]]:
        return (os.path.join(self.path, name), {}) if self.fd is None else (name, {"dir_fd": self.fd})

    def _both(self, name: str, target: Handle, new: str) -> tuple[tuple[str, str], Any]:
        if self.fd is None or target.fd is None:
            return (os.path.join(self.path, name), os.path.join(target.path, new)), {}
        return (name, new), {"src_dir_fd": self.fd, "dst_dir_fd": target.fd}


@contextmanager
def opened(root: str, parts: tuple[str, ...], *, make: bool = False, by_handle: bool = BY_HANDLE) -> Iterator[Handle]:
    """The folder that these names lead to, step by step. With ``make``, folders that are missing are made."""
    handle = Handle.root(root, by_handle=by_handle)
    try:
        for part in parts:
            if make and handle.find(part) is None:
                _make(handle, part)
            inner = handle.child(part)
            handle.close()
            handle = inner
        yield handle
    finally:
        handle.close()


def is_link(found: os.stat_result) -> bool:
    """Symbolic links and, on Windows, all else that stands for another place. Files that lie in a cloud are none."""
    return stat.S_ISLNK(found.st_mode) or bool(getattr(found, "st_reparse_tag", 0) & _STANDS_FOR_ANOTHER)


def _make(handle: Handle, name: str) -> None:
    try:
        handle.make(name)
    except FileExistsError:  # somebody else was faster
        return
    handle.sync()


def _must_be_folder(found: os.stat_result) -> None:
    if is_link(found):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))


def _must_be_file(found: os.stat_result) -> None:
    if is_link(found):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))
