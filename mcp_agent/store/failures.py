"""What may be wrong with a database, in words for whoever has to mend it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from mcp_agent.errors import AgentError, ToolError


class StoreClosed(AgentError):
    """The database was used after it was closed."""


class StoreFull(AgentError):
    """More writes are waiting than may wait."""


class StoreGone(AgentError):
    """The file was deleted or replaced under a program that had it open: what it writes would be nowhere."""


class StoreDamaged(ToolError):
    """The file is no database, or no whole one. It is left as it is."""

    def __init__(self, path: Path, error: Exception) -> None:
        super().__init__(
            f"{path} is damaged: {error}.",
            hint="Put back a copy of it, or move it away: then a new one is made, without what was in it.",
        )


def told(path: Path, error: Exception) -> Exception:
    """The error, with the name of the file where that is damaged."""
    damaged = getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return StoreDamaged(path, error) if damaged else error


def file_of(path: Path) -> tuple[int, int] | None:
    """Which file has the name now, by device and number; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
