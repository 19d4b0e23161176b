"""Reading and saving office files: only through the folders of the person, and only what is safe to open."""

from __future__ import annotations

import io
import posixpath
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from mcp_agent import Context, FileInfo, ToolError

MOST_BYTES = 128 * 2**20
SHEETS = (".xlsx", ".xlsm", ".xltx", ".xltm")
READ_SHEETS = (*SHEETS, ".xlsb", ".xls", ".ods")
DECKS = (".pptx", ".pptm", ".potx", ".potm", ".ppsx", ".ppsm")
DOCS = (".docx", ".docm", ".dotx", ".dotm")
DATA = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet")
_NO_PACKAGE = (".xls", ".doc", ".ppt", ".rtf", ".csv")
_ZIP = b"PK"


def suffix(path: str) -> str:
    return posixpath.splitext(path.replace("\\", "/"))[1].lower()


def kind_of(path: str) -> str | None:
    """``sheets``, ``slides`` or ``text``; None for other files."""
    ending = suffix(path)
    kinds = {"sheets": READ_SHEETS, "slides": DECKS, "text": DOCS}
    return next((kind for kind, endings in kinds.items() if ending in endings), None)


def check_suffix(path: str, allowed: Collection[str]) -> None:
    """Raises ToolError for a file of another kind."""
    if suffix(path) not in allowed:
        raise ToolError(
            f"{path} is not one of {', '.join(sorted(allowed))}.",
            hint="office_convert makes another format of it, where LibreOffice is installed.",
        )


def read_office(ctx: Context, path: str, allowed: Collection[str]) -> tuple[bytes, FileInfo]:
    """All bytes of an office file that is safe to open. Raises ToolError."""
    check_suffix(path, allowed)
    data, info = ctx.folders.read(path, at_most=MOST_BYTES)
    if data.startswith(_ZIP):
        from mcp_agent_office.guard.bombs import check_bytes

        check_bytes(data, path)
    elif suffix(path) not in _NO_PACKAGE:
        raise ToolError(f"{path} is damaged, encrypted, or not what its name says.", hint="Open it where it was made.")
    return data, info


@contextmanager
def whole(path: str) -> Iterator[None]:
    """Around reading with python-docx and python-pptx, which stumble over parts that are missing, or not what they say.
    Raises ToolError for that."""
    try:
        yield
    except (KeyError, AttributeError, IndexError) as error:
        raise ToolError(
            f"{path} is damaged: a part of it is missing or wrong ({error}).",
            hint="Open it where it was made, and save it.",
        ) from None


def saved(document: Any) -> bytes:
    """What ``document.save`` writes."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def sign(ctx: Context, document: Any, title: str) -> None:
    """Say in the properties what it is, who made it and when: the libraries begin with files of somebody else's."""
    about, now = document.core_properties, datetime.fromtimestamp(int(ctx.clock.time()), UTC)
    about.title, about.author, about.last_modified_by = title, ctx.config.author, ctx.config.author
    about.created, about.modified, about.comments = now, now, ""


def save_new(ctx: Context, path: str, data: bytes, *, replace: bool = False) -> FileInfo:
    """Save a file that must not be there yet, unless it may be replaced."""
    return ctx.folders.save(path, data, expected=ctx.folders.ANY if replace else None)
