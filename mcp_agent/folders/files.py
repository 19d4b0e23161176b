"""What plugins do with files. Every function blocks: call it in a thread, ``await ctx.in_thread(...)``."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from mcp_agent.errors import ToolError
from mcp_agent.folders import saving
from mcp_agent.folders.backups import Backups
from mcp_agent.folders.handles import BY_HANDLE, Handle, opened
from mcp_agent.folders.names import this_system, why_not
from mcp_agent.folders.places import Folder, Place, Places
from mcp_agent.folders.reading import FileInfo, describe, digest_of, ends_of
from mcp_agent.folders.reasons import in_words

_DEEPEST = 32
_MOST_IN_FINGERPRINT = 100_000


class Folders:
    """Files in the configured folders. A plugin gets it as ``ctx.folders``.

    Paths are text: absolute, ``~/...``, or relative to the first writable folder. Every function raises ToolError, with
    words fit for a person, for what is outside, missing or refused.
    """

    ANY = saving.ANY

    def __init__(
        self,
        folders: Sequence[Folder] = (),
        *,
        backups: Path | None = None,
        private: Sequence[Path] = (),
        by_handle: bool = BY_HANDLE,
    ) -> None:
        """Without ``folders`` the usual ones; without ``backups``, a folder, what undo needs is kept in memory."""
        self._places = Places(folders, private=private)
        self._by_handle = by_handle
        self.backups = Backups(backups)

    @property
    def configured(self) -> tuple[Folder, ...]:
        return tuple(Folder(root.path, root.writable) for root in self._places.roots)

    # --- looking ---------------------------------------------------------------------------------

    def resolve(self, path: str, *, write: bool = False) -> str:
        """The absolute form of a path that may be read, or written. Nothing needs to be there."""
        return self._places.find(path, write=write).path

    def is_writable(self, path: str) -> bool:
        """Whether the configured folder that a path is in may be changed, and every one that lies below the path."""
        place = self._places.find(path)
        return place.root.writable and not self._places.holds_read_only(place)

    def real_path(self, path: str) -> Path:
        """For a library that takes nothing but a path: checked now, but not protected from a swap until it is used."""
        found = self.info(path)
        if found.kind in ("link", "other"):
            raise in_words(OSError(errno.ELOOP if found.kind == "link" else errno.ENOTSUP, ""), found.path)
        place = self._places.find(path)
        return Path(place.root.real_path, *place.parts)

    def find(self, path: str, *, digest: bool = False) -> FileInfo | None:
        """What is there, links included; None for nothing. ``digest`` reads the whole file."""
        place = self._places.find(path)
        try:
            if not place.parts:
                return describe(place.path, os.stat(place.root.real_path, follow_symlinks=False))
            with opened(place.root.real_path, place.parts[:-1], by_handle=self._by_handle) as folder:
                found = folder.stat(place.parts[-1])
                if not digest or not stat.S_ISREG(found.st_mode):
                    return describe(place.path, found)
                with os.fdopen(folder.open(place.parts[-1]), "rb") as file:
                    return describe(place.path, os.fstat(file.fileno()), digest_of(file.fileno()))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise in_words(error, place.path) from None

    def info(self, path: str, *, digest: bool = False) -> FileInfo:
        """What is there. Raises ToolError for nothing."""
        found = self.find(path, digest=digest)
        if found is None:
            raise in_words(FileNotFoundError(errno.ENOENT, ""), self._places.find(path).path)
        return found

    @contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:
        """A regular file, to read from."""
        place = self._places.find(path)
        with self._in(place) as (folder, name):
            fd = folder.open(name)
        with os.fdopen(fd, "rb") as file:
            yield file

    def read(self, path: str, *, at_most: int) -> tuple[bytes, FileInfo]:
        """All bytes of a file, with its version and digest. Raises ToolError for one of more than ``at_most`` bytes."""
        with self.open(path) as file:
            data = file.read(at_most + 1)
            found = os.fstat(file.fileno())
        shown = self._places.find(path).path
        if len(data) > at_most:
            raise ToolError(
                f"{shown} has {found.st_size:,} bytes, and {at_most:,} is the most that is read at once.",
                hint="Read a part of it, or a smaller file.",
            )
        return data, describe(shown, found, hashlib.sha256(data).hexdigest())

    def list(self, path: str = "", *, most: int = 1000) -> list[FileInfo]:
        """What a folder holds, by name; ``most`` so many."""
        return list(self.walk(path, depth=1, most=most))

    def walk(self, path: str = "", *, depth: int = _DEEPEST, most: int = 10_000) -> Iterator[FileInfo]:
        """What a folder holds, and its folders in turn, each folder by name. Ends after ``most``.

        Links are given, and not followed. A folder that cannot be opened gives nothing.
        """
        place = self._places.find(path)
        with self._told(place), opened(place.root.real_path, place.parts, by_handle=self._by_handle) as folder:
            for count, found in enumerate(self._walk(folder, place, depth), 1):
                yield found
                if count >= most:
                    return

    def _walk(self, folder: Handle, place: Place, depth: int) -> Iterator[FileInfo]:
        for name in sorted(entry.name for entry in folder.entries()):
            if why_not(name, this_system()) or name.startswith(saving.UNFINISHED):
                continue
            child, found = place.child(name), folder.find(name)
            if found is None or self._places.is_private(child):
                continue
            yield describe(child.path, found)
            if depth > 1 and stat.S_ISDIR(found.st_mode):
                with contextlib.suppress(OSError):
                    inner = folder.child(name)
                    try:
                        yield from self._walk(inner, child, depth - 1)
                    finally:
                        inner.close()

    def fingerprint(self, path: str) -> str | None:
        """What is at a path, in a short text that is the same for a copy; None for nothing.

        Of a file the size, the permissions, and the bytes at both ends; of a folder the names and sizes in it.
        """
        found = self.find(path)
        if found is None:
            return None
        if found.kind in ("link", "other"):
            return found.kind
        if found.kind == "folder":
            start = len(found.path)
            inside = [f"{one.path[start:]}|{one.kind}|{one.size}" for one in self.walk(path, most=_MOST_IN_FINGERPRINT)]
            return f"folder of {len(inside)}: {hashlib.sha256(chr(0).join(inside).encode()).hexdigest()[:32]}"
        with self.open(path) as file:
            return f"file of {found.size}, {found.mode:o}: {ends_of(file, found.size)[:32]}"

    # --- changing --------------------------------------------------------------------------------

    def save(
        self, path: str, data: bytes | saving.Writer, *, expected: str | None = saving.ANY, mode: int | None = None
    ) -> FileInfo:
        """Make a file, or replace it as a whole; folders on the way are made.

        ``data`` are the bytes, or a function that writes into the file it is given. ``expected`` is the ``version`` or
        ``sha256`` of what is to be replaced, None when nothing must be there, ANY when it does not matter. After a
        crash there is the old file or the new one.
        """
        place = self._places.find(path, write=True)

        def write(file: BinaryIO) -> object:
            return file.write(data) if isinstance(data, bytes) else data(file)

        with self._in(place, make=True) as (folder, name):
            return describe(place.path, saving.save(folder, name, write, expected=expected, mode=mode))

    def make_folder(self, path: str) -> FileInfo:
        """Make a folder, and those on the way to it. Fine when it is there."""
        place = self._places.find(path, write=True)
        with self._told(place):
            self._make_root(place)
            with opened(place.root.real_path, place.parts, make=True, by_handle=self._by_handle):
                pass
        return self.info(path)

    def move(self, path: str, target: str) -> FileInfo:
        """Move or rename a file or folder. Nothing is overwritten; folders on the way to ``target`` are made."""
        source, goal = self._places.find(path, write=True), self._places.find(target, write=True)
        with self._in(source) as (folder, name):
            self._no_link(folder, name)
            with self._in(goal, make=True) as (new_folder, new_name):
                folder.move(name, new_folder, new_name)
                new_folder.sync()
                folder.sync()
                return describe(goal.path, new_folder.stat(new_name))

    def remove(self, path: str) -> None:
        """Remove a file or an empty folder for good. For undo, and for what a plugin made."""
        place = self._places.find(path, write=True)
        with self._in(place) as (folder, name):
            self._no_link(folder, name)
            if stat.S_ISDIR(folder.stat(name).st_mode):
                folder.remove_folder(name)
            else:
                folder.remove(name)
            folder.sync()

    @contextmanager
    def entry(self, path: str, *, make: bool = False) -> Iterator[tuple[Handle, str]]:
        """The open folder that something is in which may be changed, and its name there: for what is not done here.

        Nothing needs to be there. With ``make``, folders on the way are made.
        """
        with self._in(self._places.find(path, write=True), make=make) as (folder, name):
            yield folder, name

    # --- how -------------------------------------------------------------------------------------

    @contextmanager
    def _in(self, place: Place, *, make: bool = False) -> Iterator[tuple[Handle, str]]:
        """The open folder that a place is in, and its name there. OSErrors inside become ToolErrors."""
        with self._told(place):
            if not place.parts:
                raise IsADirectoryError(errno.EISDIR, "")
            if make:
                self._make_root(place)
            with opened(place.root.real_path, place.parts[:-1], make=make, by_handle=self._by_handle) as folder:
                yield folder, place.parts[-1]

    def _make_root(self, place: Place) -> None:
        """A configured folder is made when something is first written to it, if the one above it is there."""
        with contextlib.suppress(FileExistsError):
            os.mkdir(place.root.real_path)

    @contextmanager
    def _told(self, place: Place) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise in_words(error, place.path) from None

    @staticmethod
    def _no_link(folder: Handle, name: str) -> None:
        kind = describe(name, folder.stat(name)).kind
        if kind in ("link", "other"):
            raise OSError(errno.ELOOP if kind == "link" else errno.ENOTSUP, "")
