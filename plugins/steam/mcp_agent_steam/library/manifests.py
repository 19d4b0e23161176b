"""``appmanifest_<id>.acf``: the truth about what is installed."""

from __future__ import annotations

import re
from collections.abc import Callable

from mcp_agent_steam.library import vdf
from mcp_agent_steam.library.files import Parsed, decoded
from mcp_agent_steam.library.values import Manifest

FILE_NAME = re.compile(r"appmanifest_(\d{1,10})\.acf")
MOST_BYTES = 2**20

_STATES = (
    (0x1 | 0x800, "being removed"),
    (0x20 | 0x80, "files missing or damaged"),
    (0x200, "update paused"),
    (0x100 | 0x400 | 0x10000 | 0x20000 | 0x40000 | 0x80000 | 0x100000 | 0x200000 | 0x400000, "updating"),
    (0x2, "update needed"),
)
"""Bits of StateFlags, the most telling first."""
_INSTALLED = 0x4

_TOOL = re.compile(r"Proton( |$)|Steam Linux Runtime|Steamworks Common|Steamworks SDK")


def state_of(manifest: Manifest) -> str:
    """In words; ``ready`` when it can be played right now."""
    for bits, words in _STATES:
        if manifest.flags & bits:
            return words
    return "ready" if manifest.flags & _INSTALLED else "not fully installed"


def is_tool(name: str) -> bool:
    """Whether it is something that games need rather than a game."""
    return _TOOL.match(name) is not None


def parser(app_id: int) -> Callable[[bytes], Parsed[Manifest | None]]:
    """Parses the manifest whose file name has this number. One without even a name gives None."""

    def parse(data: bytes) -> Parsed[Manifest | None]:
        if not data.strip(b"\0 \r\n\t"):
            return None, "it is empty, or filled with zeros: Steam was cut off while writing it"
        tree, problem = vdf.parse(decoded(data))
        state = vdf.dig(tree, "appstate")
        if not vdf.text(state, "name"):
            return None, problem or "it names no app"
        inside = vdf.number(state, "appid")
        if inside != app_id and not problem:
            problem = f"it says app {inside}, its file name says {app_id}"
        return _manifest(app_id, state), problem

    return parse


def _manifest(app_id: int, state: vdf.Tree) -> Manifest:
    return Manifest(
        app_id=app_id,
        name=vdf.text(state, "name"),
        directory=vdf.text(state, "installdir"),
        flags=vdf.number(state, "stateflags"),
        size=vdf.number(state, "sizeondisk"),
        updated=vdf.number(state, "lastupdated"),
        last_played=vdf.number(state, "lastplayed"),
        to_download=max(0, vdf.number(state, "bytestodownload") - vdf.number(state, "bytesdownloaded")),
    )
