"""The trash, and the way back out of it. One for desktops of freedesktop.org, one for the others: see ``chosen``."""

from __future__ import annotations

import sys
from typing import Any, Protocol

from mcp_agent import Folders
from mcp_agent_desktop import tree_backup
from mcp_agent_desktop.freedesktop_trash import Freedesktop


class Trash(Protocol):
    """Where things go that are not wanted any more."""

    def state(self, folders: Folders, path: str) -> Any:
        """What is at a path, as JSON; None for nothing. Enough for ``put_back`` to find it again."""

    def put(self, folders: Folders, path: str) -> None:
        """Put a file or folder into the trash."""

    def put_back(self, folders: Folders, path: str, state: Any) -> None:
        """Bring back what had this state. Raises ToolError when it cannot be had any more."""


def chosen() -> Trash:
    """send2trash works by paths, and does not say where things went. Where the trash is a folder with a written
    standard, we work by handles and find things again."""
    return ByLibrary() if sys.platform in ("win32", "darwin") else Freedesktop()


class ByLibrary:
    """The trash of Windows and macOS. It does not say where things went, so a copy is kept for undo."""

    def state(self, folders: Folders, path: str) -> Any:
        return tree_backup.keep(folders, path)

    def put(self, folders: Folders, path: str) -> None:
        from send2trash import send2trash

        send2trash(str(folders.real_path(path)))

    def put_back(self, folders: Folders, path: str, state: Any) -> None:
        tree_backup.put_back(folders, path, state)
