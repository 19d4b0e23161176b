"""Which of the configured folders a path is in. Touches the disk only to learn where those folders really are."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from msgspec import Struct

from mcp_agent.errors import ToolError
from mcp_agent.folders.names import System, Written, fold, read_path, this_system
from mcp_agent.paths import HOME_VARIABLE
from mcp_agent.schema.fields import Field

_SPECIAL = ("proc", "sys", "dev")
_SHOWN = 6


class Folder(Struct, frozen=True, forbid_unknown_fields=True):
    """A folder that an assistant may look into, and change when it is writable."""

    path: Annotated[str, Field("The folder: absolute, or '~/...'.", min_length=1)]
    writable: Annotated[bool, Field("Whether files in it may be changed.")] = False


class Root(Struct, frozen=True):
    """A configured folder. ``real`` is where it is once the links on the way *to* it are followed."""

    shown: Written
    real: Written
    writable: bool

    @property
    def path(self) -> str:
        return _join(self.shown)

    @property
    def real_path(self) -> str:
        return _join(self.real)


class Place(Struct, frozen=True):
    """A file or folder: the names that lead to it from a configured folder."""

    root: Root
    parts: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return _join(_below(self.root.shown, self.parts))

    def child(self, name: str) -> Place:
        return Place(self.root, (*self.parts, name))


class Places:
    """Finds the folder that a path is in. ``private`` are files and folders of the agent itself: nobody gets there."""

    def __init__(
        self, folders: Sequence[Folder], *, private: Sequence[Path] = (), system: System | None = None
    ) -> None:
        self._system = system or this_system()
        self.roots = tuple(self._root(folder) for folder in folders or default_folders())
        self._private = [self._key(self._real(str(path))) for path in private]
        self._inner = [self._key(root.real) for root in self.roots]

    def find(self, text: str, *, write: bool = False) -> Place:
        """The place that a path names; a relative one starts at the first writable folder, else at the first.

        Of folders inside each other the innermost counts. Raises ToolError for what is in none of them, for the
        agent's own files, and when it is to be written and may not.
        """
        written = self._absolute(read_path(text, self._system))
        place = self._inside(written)
        if place is None:
            raise ToolError(
                f"{_join(written)} is in none of the configured folders.", hint=f"They are: {self.listed()}."
            )
        if self.is_private(place):
            raise ToolError(f"{place.path} is the agent's own, which no tool may touch.")
        if write:
            self._must_be_writable(place)
        return place

    def is_private(self, place: Place) -> bool:
        if not self._private:
            return False
        key = self._key(_below(place.root.real, place.parts))
        return any(key[: len(private)] == private for private in self._private)

    def holds_read_only(self, place: Place) -> bool:
        """Whether a configured folder that may only be read is here, or further below."""
        key = self._key(_below(place.root.real, place.parts))
        inside = zip(self.roots, self._inner, strict=True)
        return any(inner[: len(key)] == key for root, inner in inside if not root.writable)

    def listed(self, *, writable: bool = False) -> str:
        """The configured folders, for an error."""
        paths = [root.path for root in self.roots if root.writable or not writable]
        return ", ".join(paths[:_SHOWN]) + (", ..." if len(paths) > _SHOWN else "") if paths else "none"

    def _must_be_writable(self, place: Place) -> None:
        if not place.root.writable:
            raise ToolError(
                f"{place.path} may be read, but not changed.",
                hint=f"The configuration says which folders are writable. Now these are: {self.listed(writable=True)}.",
            )
        if not place.parts:
            raise ToolError(f"{place.path} is a configured folder itself.", hint="Name a file or folder in it.")
        key = self._key(_below(place.root.real, place.parts))
        if any(other[: len(key)] == key for other in (*self._private, *self._inner)):
            raise ToolError(f"{place.path} holds a folder that is the agent's own, or configured by itself.")

    def _absolute(self, written: Written) -> Written:
        if written.anchor == "":
            root = next((root for root in self.roots if root.writable), self.roots[0])
            return _below(root.shown, written.parts)
        if written.anchor == "~":
            return _below(read_path(os.path.expanduser("~"), self._system), written.parts)
        return written

    def _inside(self, written: Written) -> Place | None:
        key, found, longest = self._key(written), None, -1
        for root in self.roots:
            for spelt in (root.shown, root.real):
                length = len(spelt.parts) + 1
                if length > longest and key[:length] == self._key(spelt):
                    found, longest = Place(root, written.parts[length - 1 :]), length
        return found

    def _root(self, folder: Folder) -> Root:
        shown = self._absolute_root(folder.path)
        real = self._real(_join(shown))
        if not real.parts or (real.anchor == "/" and real.parts[0] in _SPECIAL):
            raise ToolError(f"{folder.path} cannot be a folder for assistants.", hint="Configure a folder of your own.")
        return Root(shown, real, folder.writable)

    def _absolute_root(self, path: str) -> Written:
        written = read_path(path, self._system)
        if written.anchor == "":
            raise ToolError(f"The configured folder {path!r} is not absolute.", hint="Begin it with '~/' or a '/'.")
        return self._absolute(written)

    def _real(self, path: str) -> Written:
        """With links followed, where this machine is of that system; as it is in a simulation of another."""
        return read_path(os.path.realpath(path) if self._system == this_system() else path, self._system)

    def _key(self, written: Written) -> tuple[str, ...]:
        return (written.anchor, *(fold(part, self._system) for part in written.parts))


def default_folders() -> tuple[Folder, ...]:
    """What is used where nothing is configured: Documents, Desktop and Downloads to read, ``~/mcp-agent`` to write.

    ``MCP_AGENT_HOME`` puts all of that into one folder of its own: ``files``.
    """
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return (Folder(os.path.join(os.path.abspath(os.path.expanduser(home)), "files"), writable=True),)
    import platformdirs

    usual = (
        platformdirs.user_documents_dir(), platformdirs.user_desktop_dir(), platformdirs.user_downloads_dir(),
    )  # fmt: skip
    there = dict.fromkeys(path for path in usual if os.path.isdir(path) and path != os.path.expanduser("~"))
    return (Folder("~/mcp-agent", writable=True), *(Folder(path) for path in there))


def _below(written: Written, parts: tuple[str, ...]) -> Written:
    return Written(written.anchor, (*written.parts, *parts))


def _join(written: Written) -> str:
    names = "/".join(written.parts)
    if written.anchor in ("", "/"):
        return written.anchor + names
    return f"{written.anchor}\\" + "\\".join(written.parts)
