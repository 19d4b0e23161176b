"""Finding files by name and by what is in them. ripgrep, where there is one, only says where to look: every match is
read again through the folders, so nothing outside can come back.
"""

from __future__ import annotations

import fnmatch
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Struct

from mcp_agent import Context, Field, Folders, ToolError, tool
from mcp_agent_desktop.examples import EXAMPLES
from mcp_agent_desktop.looking import PathText, own_or_outside
from mcp_agent_desktop.texts import encoding_of

_MOST_FILES = 50_000
"""How many files are looked at without ripgrep."""
_MOST_BYTES = 10 * 2**20
"""Larger files are not searched."""
_LINES_OF_A_FILE = 5
_LINE = 200
_RG_SECONDS = 30
_RG = [
    "rg", "--no-config", "--no-messages", "--files-with-matches", "--null", "--fixed-strings", "--ignore-case",
    "--hidden", "--no-ignore", "--no-follow", "--threads=2", f"--max-filesize={_MOST_BYTES}", "--sort=none",
]  # fmt: skip


class Hit(Struct, frozen=True, omit_defaults=True):
    """``lines`` are the first that hold the words, each with its number."""

    path: str
    lines: list[str] = []


class Found(Struct, frozen=True, omit_defaults=True):
    """``more``: there are more than the limit, or not everything was looked at: search in a smaller folder."""

    hits: list[Hit]
    more: bool = False


@tool(effect="read", origin=own_or_outside, timeout=60, examples=EXAMPLES["desktop_search_files"])
def desktop_search_files(
    ctx: Context,
    query: Annotated[str, Field("Words as they stand in the name or in one line; case does not matter.", min_length=1)],
    path: PathText = ".",
    where: Annotated[Literal["contents", "names"], Field("Look into files, or only at their names.")] = "contents",
    pattern: Annotated[str, Field("Only files with such a name: '*.py'.", pattern=r"^[^!/][^/]*$")] = "*",
    limit: Annotated[int, Field("How many files at most.", ge=1, le=200)] = 30,
) -> Found:
    """Find files in a folder and the folders in it, by name or by words in plain text.

    PDF and office files are found by name only. Files over 10 MB are not looked into.
    """
    if "\n" in query or "\0" in query:
        raise ToolError("The query has more than one line.", hint="Search for words of one line.")
    search = _in_names if where == "names" else _in_contents
    hits: list[Hit] = []
    for hit in search(ctx.folders, query.lower(), path, pattern):
        if hit is None or len(hits) == limit:
            return Found(hits, more=True)
        hits.append(hit)
    return Found(hits)


def _in_names(folders: Folders, query: str, path: str, pattern: str) -> Iterator[Hit | None]:
    """None at the end where not everything was looked at."""
    for count, found in enumerate(folders.walk(path, most=_MOST_FILES + 1)):
        if count == _MOST_FILES:
            yield None
            return
        name = os.path.basename(found.path)
        if query in name.lower() and _fits(name, pattern):
            yield Hit(found.path)


def _in_contents(folders: Folders, query: str, path: str, pattern: str) -> Iterator[Hit | None]:
    candidates = (
        _from_ripgrep(folders, query, path, pattern) if shutil.which("rg") else _every_file(folders, path, pattern)
    )
    for candidate in candidates:
        if candidate is None:
            yield None
            return
        try:
            lines = _lines_with(folders, query, candidate)
        except ToolError:  # not text, gone meanwhile, the agent's own, or not inside after all
            continue
        if lines:
            yield Hit(folders.resolve(candidate), lines)


def _every_file(folders: Folders, path: str, pattern: str) -> Iterator[str | None]:
    for count, found in enumerate(folders.walk(path, most=_MOST_FILES + 1)):
        if count == _MOST_FILES:
            yield None
        elif found.kind == "file" and found.size <= _MOST_BYTES and _fits(os.path.basename(found.path), pattern):
            yield found.path


def _fits(name: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(name.lower(), pattern.lower())


def _from_ripgrep(folders: Folders, query: str, path: str, pattern: str) -> Iterator[str | None]:
    top = folders.resolve(path)
    where = str(folders.real_path(path))
    command = [*_RG, *([] if pattern == "*" else [f"--iglob={pattern}"]), "--", query, "."]
    with subprocess.Popen(
        command, cwd=where, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        stopper = threading.Timer(_RG_SECONDS, process.kill)
        stopper.start()
        try:
            for name in _names(process.stdout.fileno()):
                yield os.path.join(top, os.path.normpath(name))
            if process.wait() < 0:
                yield None
        finally:
            stopper.cancel()
            process.kill()


def _names(fd: int) -> Iterator[str]:
    rest = b""
    while block := os.read(fd, 2**16):
        *names, rest = (rest + block).split(b"\0")
        yield from map(os.fsdecode, names)


def _lines_with(folders: Folders, query: str, path: str) -> list[str]:
    data, _ = folders.read(path, at_most=_MOST_BYTES)
    text = data.decode(encoding_of(data[:8192], whole=len(data) <= 8192), "replace")
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        at = line.lower().find(query)
        if at >= 0:
            start = max(0, min(at - _LINE // 4, len(line) - _LINE))
            lines.append(f"{number}: {line[start : start + _LINE].strip()}")
            if len(lines) == _LINES_OF_A_FILE:
                break
    return lines
