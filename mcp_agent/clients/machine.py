"""Where things are on a machine: its platform, and the folders that paths of clients begin with."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from mcp_agent.clients.table import Client, Platform

_VARIABLES: Mapping[str, tuple[str | None, str]] = {
    "appdata": ("APPDATA", "{home}/AppData/Roaming"),
    "localappdata": ("LOCALAPPDATA", "{home}/AppData/Local"),
    "library": (None, "{home}/Library/Application Support"),
    "config": ("XDG_CONFIG_HOME", "{home}/.config"),
    "xdg": ("XDG_CONFIG_HOME", "{home}/.config"),
    "codex": ("CODEX_HOME", "{home}/.codex"),
    "claude": ("CLAUDE_CONFIG_DIR", "{home}/.claude"),
    "cline_mcp": ("CLINE_MCP_SETTINGS_PATH", "{home}/.cline/data/settings/cline_mcp_settings.json"),
}
"""Each variable with the environment variable that sets it, and what it is without."""


class Machine(Struct, frozen=True):
    """``home`` is the person's own folder."""

    platform: Platform
    home: Path
    environ: Mapping[str, str]

    def expand(self, path: str) -> str:
        values = {"home": str(self.home)}
        for name, (variable, usual) in _VARIABLES.items():
            values[name] = (variable and self.environ.get(variable)) or usual.format(home=self.home)
        moved = "CLAUDE_CONFIG_DIR" in self.environ  # then the file is in that folder, otherwise beside it
        values["claude_json"] = f"{values['claude']}/.claude.json" if moved else f"{self.home}/.claude.json"
        return path.format(**values)


class Found(Struct, frozen=True):
    """A client's file. ``here`` says whether the client seems to be on this machine; the file may be missing."""

    client: Client
    file: Path
    here: bool


def this_machine() -> Machine:
    platforms: dict[str, Platform] = {"darwin": "macos", "win32": "windows"}
    return Machine(platforms.get(sys.platform, "linux"), Path.home(), os.environ)


def find(client: Client, machine: Machine) -> Found:
    """The file that counts for a client on this machine."""
    places = client.places[machine.platform]
    for place in places:
        for folder in _matches(machine.expand(place.folder)):
            rest = place.file.removeprefix(place.folder).lstrip("/")
            inside = place.file.startswith(place.folder)
            return Found(client, folder / rest if inside else Path(machine.expand(place.file)), True)
    usual = next(place for place in places if "*" not in place.file)
    file = Path(machine.expand(usual.file))
    return Found(client, file, file.exists())


def _matches(pattern: str) -> list[Path]:
    """Folders that are there; a ``*`` stands for any name, the last in order first."""
    head, star, _ = pattern.partition("*")
    if not star:
        return [Path(pattern)] if Path(pattern).is_dir() else []
    base = Path(head).parent if not head.endswith("/") else Path(head)
    return sorted((path for path in base.glob(str(Path(pattern).relative_to(base))) if path.is_dir()), reverse=True)
