"""``appcache/appinfo.vdf``: Steam's own catalogue of the apps it has come across, genres and features included.

The file may have hundreds of megabytes. It is mapped, walked from header to header, and only the apps that are asked
for are read.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from mcp_agent_steam.library import vdf, words
from mcp_agent_steam.library.binary import parse_binary
from mcp_agent_steam.library.values import Facts

_START = struct.Struct("<II")
_TABLE_AT = struct.Struct("<q")
_ENTRY = struct.Struct("<II")
_LAST = bytes(4)
_REST_OF_HEADER = {0x07564427: 40, 0x07564428: 60, 0x07564429: 60}
"""Bytes between an entry's size and its tree, by version: the later ones have a second checksum."""
_WITH_NAME_TABLE = 0x07564429
_MOST_NAMES = 1_000_000


class Catalogue:
    """Facts by app, kept until the file changes. ``problem`` is what is wrong with the file, if anything."""

    def __init__(self) -> None:
        self.problem: str | None = None
        self._state: tuple[int, int] | None = None
        self._known: dict[int, Facts | None] = {}

    def facts(self, root: Path, app_ids: Collection[int]) -> dict[int, Facts]:
        """What is known of these apps; those that the catalogue lacks are left out."""
        path = root / "appcache" / "appinfo.vdf"
        try:
            found = path.stat()
            if self._state != (found.st_mtime_ns, found.st_size):
                self._state, self._known, self.problem = (found.st_mtime_ns, found.st_size), {}, None
            missing = {app_id for app_id in app_ids if app_id not in self._known}
            if missing:
                read, self.problem = _read(path, missing)
                self._known.update(dict.fromkeys(missing))
                self._known.update(read)
        except OSError as error:
            self._known = {}
            self.problem = None if isinstance(error, FileNotFoundError) else f"it cannot be read: {error.strerror}"
        return {app_id: facts for app_id in app_ids if (facts := self._known.get(app_id)) is not None}


def _read(path: Path, wanted: Collection[int]) -> tuple[dict[int, Facts], str | None]:
    with path.open("rb") as file:
        if path.stat().st_size < _START.size:
            return {}, "it is empty"
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            found: dict[int, Facts] = {}
            try:
                names = _names(data)
                for app_id, blob in _entries(data, wanted):
                    found[app_id] = _facts(parse_binary(blob, names, until="common")[0])
            except (struct.error, ValueError) as error:  # beyond the end of the file, or not such a file
                return found, str(error) if isinstance(error, _Unknown) else "it breaks off before its end"
            return found, None


class _Unknown(ValueError):
    pass


def _names(data: mmap.mmap) -> list[str] | None:
    """The table of names that the later version has at its end."""
    magic, _ = _START.unpack_from(data, 0)
    if magic not in _REST_OF_HEADER:
        raise _Unknown(f"it is of a version that is not known here ({magic:#x})")
    if magic != _WITH_NAME_TABLE:
        return None
    [at] = _TABLE_AT.unpack_from(data, _START.size)
    [count] = struct.unpack_from("<I", data, at)
    if count > _MOST_NAMES:
        raise ValueError("too many names")
    return [name.decode("utf-8", "replace") for name in data[at + 4 :].split(b"\0")[:count]]


def _entries(data: mmap.mmap, wanted: Collection[int]) -> Iterator[tuple[int, bytes]]:
    magic, _ = _START.unpack_from(data, 0)
    at = _START.size + (_TABLE_AT.size if magic == _WITH_NAME_TABLE else 0)
    left = len(wanted)
    while left:
        if data[at : at + 4] == _LAST:
            return
        app_id, size = _ENTRY.unpack_from(data, at)
        begin, at = at + _ENTRY.size + _REST_OF_HEADER[magic], at + _ENTRY.size + size
        if at > len(data):
            raise ValueError("an entry ends beyond the file")
        if app_id in wanted:
            left -= 1
            yield app_id, data[begin:at]


def _facts(tree: vdf.Tree) -> Facts:
    common = vdf.dig(tree, "appinfo", "common") or vdf.dig(tree, "common")
    genres, features = vdf.dig(common, "genres"), vdf.dig(common, "category")
    return Facts(
        name=vdf.text(common, "name"),
        kind=vdf.text(common, "type").lower(),
        genres=_worded(words.GENRES, (vdf.number(genres, key) for key in genres)),
        features=_worded(words.FEATURES, (vdf.number({"": key.rpartition("_")[2]}, "") for key in features)),
        review=vdf.number(common, "review_percentage"),
    )


def _worded(table: Mapping[int, str], numbers: Iterator[int]) -> tuple[str, ...]:
    return tuple(table[number] for number in numbers if number in table)
