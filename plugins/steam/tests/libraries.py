"""Readers of a library, and what they find by name."""

from __future__ import annotations

from pathlib import Path

from mcp_agent_steam.library import places
from mcp_agent_steam.library.reader import LibraryReader
from mcp_agent_steam.library.values import Install, Library


def reader_for(home: Path, platform: str) -> LibraryReader:
    def find(folders: tuple[str, ...]) -> list[Install]:
        environ = {"ProgramFiles(x86)": str(home / "Program Files (x86)"), "ProgramFiles": str(home / "Program Files")}
        return places.find_installs(folders, home=home, platform=platform, environ=environ)

    return LibraryReader(find=find)


def named(library: Library) -> dict[str, str]:
    return {game.name: game.state for game in library.games}
