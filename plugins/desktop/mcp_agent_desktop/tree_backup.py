"""A file or a whole folder kept in the backups for undo, where the trash cannot be asked to give it back."""

from __future__ import annotations

import functools
import io
import shutil
from typing import Any

import msgspec
from msgspec import Struct

from mcp_agent import Folders, ToolError

_MOST_ENTRIES = 5000
_MOST_BYTES = 256 * 2**20


class _Kept(Struct, frozen=True, array_like=True):
    """One file with its permissions, or a folder where ``sha256`` is None. ``name`` is empty for the top."""

    name: str
    mode: int
    sha256: str | None


def keep(folders: Folders, path: str) -> Any:
    """The digest of a list of all that is there; None for nothing. Raises ToolError for more than can be kept."""
    top = folders.find(path)
    if top is None:
        return None
    inside = list(folders.walk(path, most=_MOST_ENTRIES + 1)) if top.kind == "folder" else []
    if len(inside) > _MOST_ENTRIES or sum(one.size for one in inside) > _MOST_BYTES:
        raise ToolError(f"{top.path} is too large for a copy to be kept of it.", hint="Trash it by hand, or in parts.")
    kept = []
    for one in (top, *inside):
        if one.kind not in ("file", "folder"):
            raise ToolError(f"{one.path} is a link or no file, which no copy can be kept of.", hint="Trash it by hand.")
        sha256 = _bytes_of(folders, one.path) if one.kind == "file" else None
        kept.append(_Kept(one.path[len(top.path) + 1 :], one.mode if sha256 else 0, sha256))
    listed = msgspec.json.encode(kept)
    return folders.backups.keep(io.BytesIO(listed), len(listed))


def put_back(folders: Folders, path: str, digest: Any) -> None:
    """Make it all again."""
    for one in msgspec.json.decode(folders.backups.open(digest).read(), type=list[_Kept]):
        target = f"{path}/{one.name}" if one.name else path
        if one.sha256 is None:
            folders.make_folder(target)
            continue
        copy = functools.partial(shutil.copyfileobj, folders.backups.open(one.sha256))
        folders.save(target, copy, expected=None, mode=one.mode)


def _bytes_of(folders: Folders, path: str) -> str:
    with folders.open(path) as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        return folders.backups.keep(file, size)
