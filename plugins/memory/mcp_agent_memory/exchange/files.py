"""Reading and writing those files: bounded, never over something else, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from mcp_agent import ToolError
from mcp_agent_memory.exchange import jsonl, markdown, official
from mcp_agent_memory.exchange.bundle import Bundle, Form, Kept

_MOST_BYTES = 256 * 2**20
_MOST_NOTES = 20_000


def write(kept: Kept, path: Path, form: Form) -> int:
    """Gives the bytes written. Raises ToolError where something is in the way."""
    if form == "markdown":
        return sum(_put(path / name, text.encode()) for name, text in markdown.write(kept))
    lines = (jsonl if form == "jsonl" else official).write(kept)
    return _put(path, b"".join(lines))


def check_target(path: Path, form: Form) -> None:
    """Raises ToolError unless there is a place to write to, and nothing that would be lost."""
    if not path.is_absolute():
        raise ToolError(f"{path} is no full path.", hint="Say where, from the root: /home/anna/memory.jsonl")
    free = not path.exists() or (form == "markdown" and path.is_dir() and not any(path.iterdir()))
    if not free:
        raise ToolError(f"{path} is there already, and nothing was written.", hint="Choose another name.")
    if not path.parent.is_dir():
        raise ToolError(f"There is no folder {path.parent}.", hint="Make it first, or choose another.")


def read(path: Path, form: Form) -> Bundle:
    """Raises ToolError for what is not there, not readable, or too much."""
    try:
        if form == "markdown":
            return markdown.read(_notes(path))
        if path.stat().st_size > _MOST_BYTES:
            raise ToolError(f"{path} is larger than {_MOST_BYTES >> 20} MiB.", hint="Import it in parts.")
        with path.open("rb") as lines:
            return jsonl.read(lines) if form == "jsonl" else official.read(lines)
    except OSError as error:
        raise ToolError(f"{path} cannot be read: {error.strerror}.", hint="Give the full path of the file.") from None


def _notes(folder: Path) -> Iterator[tuple[str, str]]:
    if not folder.is_dir():
        raise ToolError(f"{folder} is no folder of notes.", hint="Give the folder that holds the .md files.")
    notes = sorted(folder.rglob("*.md"))
    if len(notes) > _MOST_NOTES or sum(note.stat().st_size for note in notes) > _MOST_BYTES:
        raise ToolError(f"{folder} holds too many notes.", hint="Import its folders one by one.")
    for note in notes:
        yield note.name, note.read_text(errors="replace")


def _put(path: Path, data: bytes) -> int:
    """Under another name first: a reader sees all of it or nothing."""
    try:
        path.parent.mkdir(exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise ToolError(f"{path} cannot be written: {error.strerror}.", hint="Choose another place.") from None
    return len(data)
