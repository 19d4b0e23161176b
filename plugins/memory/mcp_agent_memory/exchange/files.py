"""Reading and writing those files, in the folders that the person allows: bounded, and never over something else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from mcp_agent import Folders, ToolError
from mcp_agent_memory.exchange import jsonl, markdown, official
from mcp_agent_memory.exchange.bundle import Bundle, Form, Kept

_MOST_BYTES = 256 * 2**20
_MOST_NOTES = 20_000
_MODE = 0o600


def target(folders: Folders, path: str, form: Form) -> str:
    """The absolute path to write to. Raises ToolError where that is not allowed, or where something would be lost."""
    there = folders.find(path)
    empty = form == "markdown" and there is not None and there.kind == "folder" and not folders.list(path, most=1)
    if there is not None and not empty:
        raise ToolError(f"{there.path} is there already, and nothing was written.", hint="Choose another name.")
    return str(folders.resolve(path, write=True))


def write(folders: Folders, kept: Kept, path: str, form: Form) -> int:
    """Gives the bytes written."""
    if form == "markdown":
        folders.make_folder(path)
        notes = markdown.write(kept)
        return sum(_put(folders, str(PurePath(path) / name), text.encode()) for name, text in notes)
    return _put(folders, path, b"".join((jsonl if form == "jsonl" else official).write(kept)))


def read(folders: Folders, path: str, form: Form) -> Bundle:
    """Raises ToolError for what is not there, not readable, or too much."""
    if form == "markdown":
        return markdown.read(_notes(folders, path))
    data, _ = folders.read(path, at_most=_MOST_BYTES)
    return jsonl.read(data.splitlines()) if form == "jsonl" else official.read(data.splitlines())


def _put(folders: Folders, path: str, data: bytes) -> int:
    folders.save(path, data, expected=None, mode=_MODE)
    return len(data)


def _notes(folders: Folders, path: str) -> Iterator[tuple[str, str]]:
    if folders.info(path).kind != "folder":
        raise ToolError(f"{path} is no folder of notes.", hint="Give the folder that holds the .md files.")
    left = _MOST_BYTES
    for note in folders.walk(path, most=_MOST_NOTES):
        if note.kind == "file" and note.path.endswith(".md"):
            data, _ = folders.read(note.path, at_most=left)
            left -= len(data)
            yield PurePath(note.path).name, data.decode(errors="replace")
