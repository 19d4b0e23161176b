"""Tools that look at files: list, tree, read."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Struct

from mcp_agent import Context, Field, FileInfo, Folder, tool
from mcp_agent_desktop.examples import EXAMPLES
from mcp_agent_desktop.texts import cut, decoded

PathText = Annotated[str, Field("Absolute, '~/...', or relative to the first writable folder.", min_length=1)]


class Entry(Struct, frozen=True, omit_defaults=True):
    """``size`` in bytes; ``modified`` in UTC. Links are shown, and never followed."""

    name: str
    kind: Literal["file", "folder", "link", "other"]
    size: int = 0
    modified: datetime | None = None


class Listing(Struct, frozen=True, omit_defaults=True):
    """``next_offset`` is what to ask the next page with; without it there is none."""

    path: str
    entries: list[Entry]
    next_offset: int | None = None


class Tree(Struct, frozen=True, omit_defaults=True):
    """``more``: there is more than is shown."""

    path: str
    tree: str
    more: bool = False


class Part(Struct, frozen=True, omit_defaults=True):
    """``version`` changes when the file does; ``next_offset`` is where to go on, without it this was the end."""

    path: str
    kind: str
    size: int
    modified: datetime | None
    version: str
    text: str
    next_offset: int | None = None


def own_or_outside(ctx: Context, arguments: Any) -> str | None:
    """What is in a folder that may only be read was written, and named, by anybody; the work is in the others."""
    return None if ctx.folders.is_writable(arguments.path) else "files"


@tool(effect="read", examples=EXAMPLES["desktop_list_folders"])
def desktop_list_folders(ctx: Context) -> list[Folder]:
    """The folders that can be looked into, and which of them may be changed. Start here."""
    return list(ctx.folders.configured)


@tool(effect="read", origin=own_or_outside, examples=EXAMPLES["desktop_list_files"])
def desktop_list_files(
    ctx: Context,
    path: PathText = ".",
    offset: Annotated[int, Field("'next_offset' of the last page.", ge=0)] = 0,
    limit: Annotated[int, Field("How many in one page.", ge=1, le=500)] = 100,
) -> Listing:
    """What one folder holds, by name, with sizes in bytes and times. For folders in folders there is desktop_tree."""
    found = ctx.folders.list(path, most=offset + limit + 1)
    entries = [_entry(one) for one in found[offset : offset + limit]]
    more = len(found) > offset + limit
    return Listing(ctx.folders.resolve(path), entries, offset + limit if more else None)


@tool(effect="read", origin=own_or_outside, examples=EXAMPLES["desktop_tree"])
def desktop_tree(
    ctx: Context,
    path: PathText = ".",
    depth: Annotated[int, Field("How many folders deep.", ge=1, le=16)] = 3,
    limit: Annotated[int, Field("How many lines at most.", ge=1, le=1000)] = 200,
) -> Tree:
    """A folder and the folders in it as an indented list of names; folders end in '/'."""
    top = ctx.folders.resolve(path)
    found = list(ctx.folders.walk(path, depth=depth, most=limit + 1))
    lines = [_line(one, top) for one in found[:limit]]
    return Tree(top, "\n".join(lines), len(found) > limit)


@tool(effect="read", origin=own_or_outside, examples=EXAMPLES["desktop_read_file"])
def desktop_read_file(
    ctx: Context,
    path: PathText,
    offset: Annotated[int, Field("Where to begin, in characters: 'next_offset' of the last part.", ge=0)] = 0,
    limit: Annotated[int, Field("How many characters at most.", ge=1, le=100_000)] = 20_000,
) -> Part:
    """The text of a file: plain text in any encoding, PDF, Word, Excel, PowerPoint, OpenDocument. Part by part."""
    info = ctx.folders.info(path)  # before it is read: the version is never newer than the text
    with ctx.folders.open(path) as file:
        text = decoded(file)
        part, more = cut(text.pieces, offset, limit)
    return Part(info.path, text.kind, info.size, info.modified, info.version, part, offset + limit if more else None)


def _entry(found: FileInfo) -> Entry:
    return Entry(os.path.basename(found.path), found.kind, found.size, found.modified)


def _line(found: FileInfo, top: str) -> str:
    depth = os.path.relpath(found.path, top).count(os.sep)
    ending = {"folder": "/", "link": " (link)", "other": " (not a file)", "file": ""}[found.kind]
    return "  " * depth + os.path.basename(found.path) + ending
