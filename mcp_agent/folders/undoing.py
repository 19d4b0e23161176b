"""Undo for tools that write files: one line in a plugin, ``undo=undo_files("path")``."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mcp_agent.errors import ToolError
from mcp_agent.folders.files import Folders
from mcp_agent.model import Json, Undo

if TYPE_CHECKING:
    from mcp_agent.context import Context

Which = str | Callable[[Any], Sequence[str]]


def undo_files(*which: Which) -> Undo:
    """Takes back what a call did to files: every byte and the permissions, and folders that were made on the way.

    ``which`` are names of the tool's arguments that hold a path, a list of paths or None, or functions that give paths
    from the arguments. The bytes are in ``ctx.folders.backups``; a file too large for it is not changed.
    """

    def paths(arguments: Any) -> list[str]:
        found: list[str] = []
        for one in which:
            value = getattr(arguments, one) if isinstance(one, str) else one(arguments)
            found += [value] if isinstance(value, str) else value or ()
        return found

    async def snapshot(ctx: Context, arguments: Any, result: Json) -> Json:
        folders = ctx.folders
        return await ctx.in_thread(lambda: {path: file_state(folders, path) for path in paths(arguments)})

    async def restore(ctx: Context, arguments: Any, result: Json, snapshot: Json) -> None:
        def work() -> None:
            for path, state in snapshot.items():
                restore_file(ctx.folders, path, state)

        await ctx.in_thread(work)

    return Undo(snapshot, restore)


def undo_move(source: str, target: str) -> Undo:
    """Takes back a move; ``source`` and ``target`` name arguments of the tool. Folders made for it go as well."""

    async def snapshot(ctx: Context, arguments: Any, result: Json) -> Json:
        def look() -> Json:
            found = {name: ctx.folders.fingerprint(getattr(arguments, name)) for name in (source, target)}
            return {"missing": _missing(ctx.folders, ctx.folders.resolve(getattr(arguments, target))), **found}

        return await ctx.in_thread(look)

    async def restore(ctx: Context, arguments: Any, result: Json, snapshot: Json) -> None:
        old, new = getattr(arguments, source), getattr(arguments, target)

        def work() -> None:
            if snapshot[target] is not None:
                ctx.folders.move(old, new)
            else:
                ctx.folders.move(new, old)
                _clear(ctx.folders, ctx.folders.resolve(new), snapshot["missing"])

        await ctx.in_thread(work)

    return Undo(snapshot, restore)


def file_state(folders: Folders, path: str) -> Json:
    """What is at a path, as JSON of a line; the bytes of a file are kept in the backups."""
    found = folders.find(path)
    if found is None:
        return {"kind": "nothing", "missing": _missing(folders, folders.resolve(path))}
    if found.kind != "file":
        return {"kind": found.kind}
    with folders.open(path) as file:
        sha256 = folders.backups.keep(file, found.size)
    return {"kind": "file", "sha256": sha256, "mode": found.mode}


def restore_file(folders: Folders, path: str, state: Json) -> None:
    """Make it as a state says. Raises ToolError where that cannot be."""
    if state["kind"] == "nothing":
        _clear(folders, folders.resolve(path), state["missing"])
    elif state["kind"] == "folder":
        folders.make_folder(path)
    elif state["kind"] == "file":
        old = folders.backups.open(state["sha256"])
        folders.save(path, lambda file: shutil.copyfileobj(old, file), mode=state["mode"])
    else:
        raise ToolError(f"There was a {state['kind']} at {path}, which cannot be made again.")


def _missing(folders: Folders, path: str) -> int:
    """How many names at the end of a path are not there."""
    count, roots = 1, {folder.path for folder in folders.configured}
    while (path := os.path.dirname(path)) not in roots and folders.find(path) is None:
        count += 1
    return count


def _clear(folders: Folders, path: str, names: int) -> None:
    """Remove a file and the folders that were made for it, as far as they are empty."""
    if folders.find(path) is not None:
        folders.remove(path)
    for _ in range(names - 1):
        path = os.path.dirname(path)
        if folders.find(path) is None:
            continue
        if next(folders.walk(path, depth=1, most=1), None) is not None:
            return
        folders.remove(path)
