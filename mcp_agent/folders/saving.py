"""Replacing a file: afterwards it is the new one, or still the old one, whatever happens in between."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from mcp_agent.errors import ToolError
from mcp_agent.folders.handles import Handle
from mcp_agent.folders.reading import digest_of, version_of

Writer = Callable[[BinaryIO], object]

ANY = "*"
"""Expected of a file: nothing. It is replaced, or made where there is none."""
UNFINISHED = ".mcp-agent-"
"""How the name of a file begins that is still being written."""
_DIGEST_LENGTH = 64


def save(folder: Handle, name: str, write: Writer, *, expected: str | None, mode: int | None) -> os.stat_result:
    """Write a file beside the old one, then put it into its place.

    ``expected`` is the version or digest that the old one must have, None when there must be none, or ANY. ``mode`` is
    the permissions to give it; those of the old one by default. Raises ToolError when it is not as expected, is
    protected or open elsewhere, OSError when the disk will not.
    """
    old = _as_expected(folder, name, expected)
    _not_open_elsewhere(folder, name, old)
    with _unfinished(folder, name) as (file, beside):
        write(file)
        file.flush()
        _dress(folder, name, old, file.fileno(), mode)
        os.fsync(file.fileno())
        if old is None:
            _put_in_free_place(folder, beside, name)
        else:
            _as_expected(folder, name, expected if expected != ANY else version_of(old))
            folder.replace(beside, folder, name)
        folder.sync()
        return os.fstat(file.fileno())


def _as_expected(folder: Handle, name: str, expected: str | None) -> os.stat_result | None:
    old = folder.find(name)
    if old is None:
        if expected in (None, ANY):
            return None
        raise ToolError(f"{name} is gone: somebody removed it since it was read.", hint="Look again before you write.")
    fd = folder.open(name)  # a regular file, or nothing is done
    try:
        now, same = os.fstat(fd), True
        if expected is None:
            raise ToolError(f"There is a file {name} already.", hint="Read it first, or choose another name.")
        if len(expected) == _DIGEST_LENGTH:
            same = digest_of(fd) == expected
        elif expected != ANY:
            same = version_of(now) == expected
    finally:
        os.close(fd)
    if not same:
        raise ToolError(f"{name} was changed by somebody else since it was read.", hint="Read it again, then write.")
    return now


def _not_open_elsewhere(folder: Handle, name: str, old: os.stat_result | None) -> None:
    if old is not None and not old.st_mode & 0o222:
        raise ToolError(
            f"{name} is marked as read-only.", hint="Take the mark away first, if it is meant to be changed."
        )
    for mark in (f".~lock.{name}#", f"~${name}", f"~${name[2:]}", f".{name}.swp", f".#{name}"):
        if folder.find(mark) is not None:
            raise ToolError(
                f"{name} seems to be open in another program: there is {mark} beside it.", hint="Close it there first."
            )
    if old is not None and sys.platform == "linux" and _is_being_written(folder, name):
        raise ToolError(f"{name} is being written by another program.", hint="Close it there first.")


def _is_being_written(folder: Handle, name: str) -> bool:
    """Linux gives a lease for reading only while nobody has the file open for writing."""
    import fcntl

    fd = folder.open(name)
    try:
        fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)  # sent to us by who breaks the lease; the usual one would kill
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:  # other errors: a file of somebody else, or a file system without leases
        return error.errno == errno.EAGAIN
    finally:
        os.close(fd)
    return False


@contextmanager
def _unfinished(folder: Handle, name: str) -> Iterator[tuple[BinaryIO, str]]:
    """A file beside the one to be saved, always of the same name: what a kill left behind is used up the next time."""
    beside = f"{UNFINISHED}{hashlib.sha256(name.encode()).hexdigest()[:16]}.tmp"
    fd = _claim(folder, beside)
    try:
        with os.fdopen(fd, "w+b") as file:
            yield file, beside
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            folder.remove(beside)
        raise


def _claim(folder: Handle, beside: str) -> int:
    """Open it for this process alone, and empty it."""
    busy = ToolError("The file is being saved by somebody else right now.", hint="Read it again in a moment.")
    if sys.platform == "win32":  # what is open elsewhere cannot be removed there
        try:
            with contextlib.suppress(FileNotFoundError):
                folder.remove(beside)
            return folder.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        except (PermissionError, FileExistsError):
            raise busy from None
    import fcntl

    fd = folder.open(beside, os.O_RDWR | os.O_CREAT)
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        found, claimed = folder.find(beside), os.fstat(fd)
        if found is not None and found.st_ino == claimed.st_ino:  # else it was put into its place just before
            if claimed.st_nlink == 1:
                os.ftruncate(fd, 0)
                return fd
            folder.remove(beside)  # killed halfway into its place, the same file has two names: that one stays
            os.close(fd)
            return _claim(folder, beside)
    os.close(fd)
    raise busy


def _dress(folder: Handle, name: str, old: os.stat_result | None, fd: int, mode: int | None) -> None:
    """Give the new file the permissions, owner and attributes of the old one."""
    if old is not None:
        if hasattr(os, "fchown") and (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
            with contextlib.suppress(PermissionError):
                os.fchown(fd, old.st_uid, old.st_gid)
        if hasattr(os, "listxattr"):
            _copy_attributes(folder, name, fd)
        mode = stat.S_IMODE(old.st_mode) if mode is None else mode
    if mode is not None and hasattr(os, "fchmod"):
        os.fchmod(fd, mode & 0o777)


def _copy_attributes(folder: Handle, name: str, fd: int) -> None:
    if sys.platform != "linux":
        return
    source = folder.open(name)
    try:
        for attribute in os.listxattr(source):
            os.setxattr(fd, attribute, os.getxattr(source, attribute))
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.EPERM, errno.EACCES, errno.ENODATA):
            raise
    finally:
        os.close(source)


def _put_in_free_place(folder: Handle, beside: str, name: str) -> None:
    try:
        folder.move(beside, folder, name)
    except FileExistsError:
        raise ToolError(f"A file {name} appeared while it was being written.", hint="Look at it first.") from None
