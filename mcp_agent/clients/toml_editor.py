"""One entry in a TOML file: its tables put in at the end, or taken out, everything else byte for byte as it was.

Where servers are written in another form, as an inline table for example, tomlkit makes the change.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from mcp_agent.clients.text import BrokenFile, Spot, newline_of

_HEADER = re.compile(r"\s*\[")


class TomlEditor:
    def parse(self, text: str) -> Any:
        try:
            return tomllib.loads(text) or None
        except tomllib.TOMLDecodeError as error:
            raise BrokenFile(f"{error}.") from None

    def put(self, text: str, spot: Spot, entry: Mapping[str, Any]) -> str:
        servers = (self.parse(text) or {}).get(spot.key, {})
        base = self.drop(text, spot) if spot.name in servers else text
        longer = _appended(base, spot, entry)
        return longer if self._holds(longer, spot, {**servers, spot.name: dict(entry)}) else _inside(text, spot, entry)

    def drop(self, text: str, spot: Spot) -> str:
        servers = (self.parse(text) or {}).get(spot.key, {})
        shorter = _without(text, spot)
        rest = {name: one for name, one in servers.items() if name != spot.name}
        return shorter if self._holds(shorter, spot, rest) else _inside(text, spot, None)

    def _holds(self, text: str, spot: Spot, servers: Mapping[str, Any]) -> bool:
        """Whether it can be read and these are its servers; the caller compares the rest."""
        try:
            return bool((self.parse(text) or {}).get(spot.key, {}) == servers)
        except BrokenFile:
            return False


def _appended(text: str, spot: Spot, entry: Mapping[str, Any]) -> str:
    import tomlkit

    end = newline_of(text)
    block = tomlkit.dumps({spot.key: {spot.name: dict(entry)}}).strip()
    gap = "" if not text.strip() else end if text.endswith("\n") else end * 2
    return text + gap + block.replace("\n", end) + end


def _without(text: str, spot: Spot) -> str:
    """The text without the lines of the entry's tables. Comments behind them belong to what comes next."""
    forms = "|".join(re.escape(form) for form in (spot.name, f'"{spot.name}"', f"'{spot.name}'"))
    ours = re.compile(rf"\s*\[\s*{re.escape(spot.key)}\s*\.\s*({forms})\s*[\].]")
    lines = text.splitlines(keepends=True)
    headers = [index for index, line in enumerate(lines) if _HEADER.match(line)]
    for start, stop in reversed(list(itertools.pairwise([*headers, len(lines)]))):
        if ours.match(lines[start]):
            stop = min(stop, len(lines))
            while not lines[stop - 1].strip() or lines[stop - 1].lstrip().startswith("#"):
                stop -= 1
            while start and not lines[start - 1].strip() and not "".join(lines[stop : stop + 1]).strip():
                start -= 1
            del lines[start:stop]
    return "".join(lines)


def _inside(text: str, spot: Spot, entry: Mapping[str, Any] | None) -> str:
    """With the entry in its place, or without it, however the servers are written."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        servers: Any = document[spot.key]
        servers.pop(spot.name, None)
        if entry is not None:
            servers[spot.name] = tomlkit.inline_table()
            servers[spot.name].update(entry)
        written = tomlkit.dumps(document)
    except (TOMLKitError, ValueError, KeyError) as error:
        raise BrokenFile(f"its form leaves no safe place to write to ({error}).") from None
    return written if newline_of(text) == "\n" else written.replace("\r\n", "\n").replace("\n", "\r\n")
