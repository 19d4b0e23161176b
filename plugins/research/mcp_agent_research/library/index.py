"""Brings the index in step with the files: what is new or changed is read, what is gone goes."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import PurePath
from typing import Any

from msgspec import Struct

from mcp_agent import Context, FileInfo, Folders, ToolError
from mcp_agent_research.library.readers import READERS
from mcp_agent_research.shapes import Indexed
from mcp_agent_research.store import sources
from mcp_agent_research.store.schema import database
from mcp_agent_research.store.sources import Taken

_BATCH = 40
"""Files that are stored together."""
_AHEAD = 2
"""Files that are read from the disk before a worker is free: their bytes wait in memory."""
_WALKED = 200_000
_TOLD = 10


class _Plan(Struct, frozen=True):
    """``read`` is new or changed, ``gone`` are numbers of sources."""

    read: list[FileInfo]
    unchanged: int
    gone: list[int]
    left_out: int


async def index_folders(ctx: Context, path: str | None) -> Indexed:
    """One folder, or all that are configured. Raises ToolError for one outside of them."""
    folders = ctx.folders
    roots = [folders.resolve(path)] if path else [folder.path for folder in folders.configured]
    if path and folders.info(path).kind != "folder":
        raise ToolError(f"{roots[0]} is not a folder.", hint="Name the folder that it is in.")
    plan = _planned(await ctx.in_thread(lambda: _files(folders, roots)), await _known(ctx, roots), _most(ctx))
    turns = asyncio.Semaphore(ctx.state.workers.count + _AHEAD)
    problems: list[str] = []
    read = 0
    for start in range(0, len(plan.read), _BATCH):
        batch = plan.read[start : start + _BATCH]
        taken = await asyncio.gather(*(_taken(ctx, folders, info, turns) for info in batch))
        good = [one for one in taken if isinstance(one, Taken)]
        problems += [one for one in taken if isinstance(one, str)]
        await _store(ctx, good)
        read += len(good)
        ctx.progress(start + len(batch), len(plan.read), f"{read} files read")
    await database(ctx).write(lambda connection: sources.remove(connection, plan.gone))
    if plan.left_out:
        problems.append(f"{plan.left_out} files are left out: {_most(ctx)} is the most (library.max_documents).")
    return Indexed(
        folders=roots, read=read, unchanged=plan.unchanged, removed=len(plan.gone),
        not_read=len(plan.read) - read + plan.left_out, problems=problems[:_TOLD],
    )  # fmt: skip


def _files(folders: Folders, roots: list[str]) -> list[FileInfo]:
    found: dict[str, FileInfo] = {}
    for root in roots:
        if folders.find(root) is None:  # a usual folder that was not made yet
            continue
        for info in folders.walk(root, most=_WALKED):
            if info.kind == "file" and PurePath(info.path).suffix.lower() in READERS:
                found[info.path] = info
    return list(found.values())


def _planned(files: list[FileInfo], known: dict[str, tuple[int, str]], most: int) -> _Plan:
    kept = files[:most]
    there = {info.path for info in kept}
    changed = [info for info in kept if known.get(info.path, (0, ""))[1] != info.version]
    gone = [number for address, (number, _) in known.items() if address not in there]
    return _Plan(changed, len(kept) - len(changed), gone, len(files) - len(kept))


async def _known(ctx: Context, roots: list[str]) -> dict[str, tuple[int, str]]:
    """Number and version of each file that is indexed in these folders, by path."""
    statement = (
        "select address, id, version from sources where kind = 'file' and current"
        " and (address = ?1 or substr(address, 1, length(?1) + 1) = ?1 || '/')"
    )

    def read(connection: sqlite3.Connection) -> dict[str, tuple[int, str]]:
        rows: list[Any] = [row for root in roots for row in connection.execute(statement, (root,))]
        return {address: (number, version) for address, number, version in rows}

    return await database(ctx).read(read)


async def _taken(ctx: Context, folders: Folders, info: FileInfo, turns: asyncio.Semaphore) -> Taken | str:
    """The file as a source; or why not, in words."""
    most: int = ctx.config.library.max_file_bytes
    try:
        async with turns:
            body, found = await ctx.in_thread(lambda: folders.read(info.path, at_most=most))
            page = await ctx.state.workers.read(info.path, body)
        if not page.text:
            raise ToolError("There is no text in it.")
    except ToolError as error:
        return f"{info.path}: {error}"
    return Taken(
        kind="file", address=info.path, title=page.title, text=page.text, sha256=found.sha256 or "",
        published=page.published, version=found.version,
    )  # fmt: skip


async def _store(ctx: Context, batch: list[Taken]) -> None:
    now = ctx.clock.time()
    old = "select id from sources where kind = 'file' and current and address = ? and id != ?"

    def write(connection: sqlite3.Connection) -> None:
        for taken in batch:
            made = sources.add(connection, taken, now)
            sources.remove(connection, [row[0] for row in connection.execute(old, (taken.address, made)).fetchall()])

    await database(ctx).write(write)


def _most(ctx: Context) -> int:
    most: int = ctx.config.library.max_documents
    return most
