"""The trash of Linux desktops: folders with a written standard, worked on by handles."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mcp_agent import Folders, ToolError

_INFO = ".trashinfo"
_STATE = "X-mcp-agent-state="
_MOST_SAME_NAMES = 10_000


class Freedesktop:
    """The trash of Linux desktops: https://specifications.freedesktop.org/trash-spec/latest/"""

    def state(self, folders: Folders, path: str) -> Any:
        return folders.fingerprint(path)

    def put(self, folders: Folders, path: str) -> None:
        real, state = folders.real_path(path), self.state(folders, path)
        with folders.entry(path) as (folder, name):
            if folder.fd is None:
                raise ToolError("This system cannot move things safely into the trash.")
            top = _top_of(real, folder.stat(name).st_dev)
            with _opened(_trash_folder(top)) as (files, info):
                new = _claim(info, name, _described(real, top, state))
                try:
                    os.rename(name, new, src_dir_fd=folder.fd, dst_dir_fd=files)
                except OSError:
                    os.unlink(new + _INFO, dir_fd=info)
                    raise
                folder.sync()

    def put_back(self, folders: Folders, path: str, state: Any) -> None:
        real = _real_target(folders, path)
        for top in _tops(real):
            with contextlib.suppress(FileNotFoundError), _opened(_trash_folder(top, make=False)) as (files, info):
                name = _named(files, info, state, top, real)
                if name is not None:
                    return _move_back(folders, path, files, info, name)
        raise ToolError(f"{path} is not in the trash any more.", hint="Somebody emptied it, or took it out by hand.")


# --- the folders of the standard -----------------------------------------------------------------


def _home_trash() -> str:
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    return os.path.join(data, "Trash")


def _top_of(real: Path, device: int) -> str | None:
    """Where the disk begins that something is on, None for the disk of the home trash."""
    home = Path(_home_trash())
    while not home.exists():
        home = home.parent
    if home.stat().st_dev == device:
        return None
    top = real.parent
    while top != top.parent and top.parent.stat().st_dev == device:
        top = top.parent
    return str(top)


def _tops(real: Path) -> Iterator[str | None]:
    """Where something may have gone that was once at a path."""
    yield None
    there = next(parent for parent in real.parents if parent.exists())
    top = _top_of(there / "x", there.stat().st_dev)
    if top is not None:
        yield top


def _trash_folder(top: str | None, *, make: bool = True) -> str:
    """``$top/.Trash/$uid`` where an administrator made it, ``$top/.Trash-$uid`` otherwise."""
    if top is None:
        folder = _home_trash()
    else:
        shared = os.path.join(top, ".Trash")
        with contextlib.suppress(OSError):
            found = os.lstat(shared)
            if stat.S_ISDIR(found.st_mode) and found.st_mode & stat.S_ISVTX:
                return _made(os.path.join(shared, str(os.getuid())), make)
        folder = os.path.join(top, f".Trash-{os.getuid()}")
    return _made(folder, make)


def _made(folder: str, make: bool) -> str:
    if make:
        for name in ("files", "info"):
            os.makedirs(os.path.join(folder, name), 0o700, exist_ok=True)
    return folder


@contextmanager
def _opened(folder: str) -> Iterator[tuple[int, int]]:
    """The folders ``files`` and ``info`` of a trash, neither of them a link."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    files = os.open(os.path.join(folder, "files"), flags)
    try:
        info = os.open(os.path.join(folder, "info"), flags)
        try:
            yield files, info
        finally:
            os.close(info)
    finally:
        os.close(files)


def _described(real: Path, top: str | None, state: Any) -> bytes:
    """Where it was and when it went, as the standard wants it, and what it was in a line that others ignore."""
    now = time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime())
    return f"[Trash Info]\n{_path(real, top)}\nDeletionDate={now}\n{_STATE}{state}\n".encode()


def _path(real: Path, top: str | None) -> str:
    """From the top of its disk, or absolute in the home trash."""
    return f"Path={urllib.parse.quote(os.fsencode(real if top is None else os.path.relpath(real, top)))}"


def _claim(info: int, name: str, described: bytes) -> str:
    """A free name in the trash, taken by writing its description."""
    stem, ending = os.path.splitext(name)
    for number in range(1, _MOST_SAME_NAMES):
        new = name if number == 1 else f"{stem}.{number}{ending}"
        try:
            fd = os.open(new + _INFO, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=info)
        except FileExistsError:
            continue
        with os.fdopen(fd, "wb") as file:
            file.write(described)
        return new
    raise ToolError(f"The trash holds {_MOST_SAME_NAMES} things named {name}.", hint="Empty it.")


# --- the way back --------------------------------------------------------------------------------


def _real_target(folders: Folders, path: str) -> Path:
    """Where a path really leads that has nothing at it now: its folder may be gone as well."""
    names: list[str] = []
    here = folders.resolve(path)
    while folders.find(here) is None:
        here, name = os.path.split(here)
        names.insert(0, name)
    return folders.real_path(here).joinpath(*names)


def _named(files: int, info: int, state: Any, top: str | None, real: Path) -> str | None:
    """The name in the trash of what has this state and came from that place."""
    wanted = {_path(real, top), f"{_STATE}{state}"}
    with os.scandir(info) as found:
        names = [entry.name.removesuffix(_INFO) for entry in found if entry.name.endswith(_INFO)]
    for name in names:
        with contextlib.suppress(FileNotFoundError):
            if wanted <= _lines(info, name + _INFO):
                os.stat(name, dir_fd=files, follow_symlinks=False)
                return name
    return None


def _lines(info: int, name: str) -> set[str]:
    fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=info)
    with os.fdopen(fd, "rb") as file:
        return set(file.read(2**16).decode(errors="replace").splitlines())


def _move_back(folders: Folders, path: str, files: int, info: int, name: str) -> None:
    with folders.entry(path, make=True) as (folder, new):
        if folder.fd is None or folder.find(new) is not None:
            raise OSError(errno.EEXIST, os.strerror(errno.EEXIST))
        os.rename(name, new, src_dir_fd=files, dst_dir_fd=folder.fd)
        folder.sync()
    with contextlib.suppress(FileNotFoundError):
        os.unlink(name + _INFO, dir_fd=info)
