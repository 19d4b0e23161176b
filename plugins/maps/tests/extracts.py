"""What the tests of extracts share."""

from __future__ import annotations

from pathlib import Path

MODULE = "mcp_agent_maps"
OFFLINE = {"online": False}


def quietly(done: float, total: float, what: str) -> None:
    """Nobody wants to know."""


def files(home: Path) -> set[str]:
    folder = home / "data" / "plugins" / "maps" / "extracts"
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
