"""Which instances run: their sockets in the runtime folder. What a dead one left behind is cleared away."""

from __future__ import annotations

import contextlib
from pathlib import Path

from mcp_agent.control.client import Instance, InstanceGone, attach
from mcp_agent.control.endpoint import LOOPBACK, SOCKET, is_private, socket_folder
from mcp_agent.paths import Paths


def addresses(paths: Paths) -> list[Path]:
    """The sockets of a home, dead ones among them. None are trusted in a folder that others can write to."""
    folder = socket_folder(paths)
    try:
        if not is_private(folder):
            return []
        return sorted(path for path in folder.iterdir() if path.suffix in (SOCKET, LOOPBACK) and path.name[0] != ".")
    except FileNotFoundError:
        return []


async def attach_if_alive(path: Path) -> Instance | None:
    """None for one that has ended; its socket is removed. Raises ToolError for one that refuses."""
    try:
        return await attach(path)
    except InstanceGone as gone:
        if isinstance(gone.__cause__, ConnectionRefusedError):
            _remove(path)
        return None


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
