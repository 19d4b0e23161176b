"""The ``.osm.pbf`` file itself: whether it is whole, what it holds, and its objects."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from mcp_agent import ToolError
from mcp_agent_maps.geometry import Box

_SAMPLE = 1 << 20
_BIG = 256 << 20
"""From here on node locations are kept in a file: in memory they would take 16 bytes for each node."""


class BadExtract(ToolError):
    """The file is no whole ``.osm.pbf``."""


class Contents(Struct, frozen=True):
    """``tagged`` counts the objects that say what they are; ``data_date`` is the newest day in the data."""

    tagged: int
    objects: int
    data_date: str
    box: Box | None


class Source:
    """Reads one file. Every method raises BadExtract where the file is not what it should be."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fingerprint(self) -> str:
        """Changes with the file: of its size and its first and last megabyte."""
        try:
            size = self.path.stat().st_size
            with self.path.open("rb") as file:
                begin = file.read(_SAMPLE)
                file.seek(max(0, size - _SAMPLE))
                return hashlib.sha256(b"%d" % size + begin + file.read(_SAMPLE)).hexdigest()[:16]
        except OSError as error:
            raise BadExtract(
                f"{self.path} cannot be read: {error.strerror}.",
                hint="Give the path of an .osm.pbf file on this machine, such as one from download.geofabrik.de.",
            ) from None

    def objects(self, *keys: str, relations_only: bool = False) -> Any:
        """A stream of objects with one of these keys (any key when none is named), without places of nodes."""
        import osmium

        kinds = osmium.osm.RELATION if relations_only else osmium.osm.ALL
        stream = osmium.FileProcessor(self._file(), kinds)
        return stream.with_filter(osmium.filter.KeyFilter(*keys) if keys else osmium.filter.EmptyTagFilter())

    def located(self) -> Any:
        """The same stream of everything, where nodes of ways know where they are. Untagged nodes are left out."""
        import osmium

        untagged = osmium.filter.EmptyTagFilter()
        untagged.enable_for(osmium.osm.NODE)
        return osmium.FileProcessor(self._file()).with_locations(self._storage()).with_filter(untagged)

    def areas(self, *keys: str) -> Any:
        """Closed ways and multipolygons with one of these keys, put together as areas; and the open ways."""
        import osmium

        wanted = osmium.filter.KeyFilter(*keys)
        stream = osmium.FileProcessor(self._file()).with_locations(self._storage())
        return stream.with_areas(osmium.filter.KeyFilter(*keys)).with_filter(wanted)

    def contents(self) -> Contents:
        """Reads the file once, to its end."""
        newest, tagged, objects = None, 0, 0
        with refusing(self.path):
            import osmium

            stream = osmium.FileProcessor(self._file())
            header = stream.header
            said = header.get("osmosis_replication_timestamp") or header.get("timestamp")
            found: Any
            for found in stream:
                objects += 1
                if found.tags:
                    tagged += 1
                    newest = found.timestamp if newest is None else max(newest, found.timestamp)
            box = header.box()
        if not objects:
            raise BadExtract(f"{self.path.name} holds nothing.", hint="Download it again: it may have been cut off.")
        date = said[:10] if said else _day(newest)
        return Contents(tagged, objects, date, _box(box))

    def _file(self) -> Any:
        import osmium

        return osmium.io.File(str(self.path), "pbf")

    def _storage(self) -> str:
        return "flex_mem" if self.path.stat().st_size < _BIG else "sparse_file_array"


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """What osmium says of a file that it cannot read, in words for a person."""
    try:
        yield
    except RuntimeError as error:
        raise BadExtract(
            f"{path.name} is not a whole .osm.pbf file ({error}).",
            hint="Download it again; other formats can be converted with 'osmium cat -o new.osm.pbf'.",
        ) from None


def _day(moment: datetime | None) -> str:
    return "an unknown day" if moment is None or moment.year < 2004 else moment.astimezone(UTC).date().isoformat()


def _box(box: Any) -> Box | None:
    if not box.valid():
        return None
    low, high = box.bottom_left, box.top_right
    return Box(low.lat, low.lon, high.lat, high.lon)
