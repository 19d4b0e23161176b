"""A small town that does not exist, for the demo and for tests: always the same, and nobody's data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mcp_agent_maps.geometry import METRES_A_DEGREE, Point

MIDDLE = Point(62.5, 26.0)
DATA_DATE = "2026-01-01"
BLOCK = 110.0
"""Metres from one street to the next."""

_ACROSS = ("Birch Street", "Mill Street", "High Street", "Church Street", "Bridge Street", "South Street")
_DOWN = ("West Road", "Garden Road", "Station Road", "Market Road", "School Road", "Lake Road", "East Road")
_LON_METRES = 0.4617486132350339  # cos(62.5 degrees): written down, so that every machine makes the same file

Tags = Mapping[str, str]

_PLACES: tuple[tuple[float, float, Tags], ...] = (
    (
        0.5,
        0.35,
        {"amenity": "cafe", "name": "Café Aurora", "opening_hours": "Mo-Su 08:00-20:00", "cuisine": "coffee_shop"},
    ),
    (2.6, 1.4, {"amenity": "cafe", "name": "The Old Bakery", "opening_hours": "Mo-Fr 07:00-15:00; PH off"}),
    (4.3, 3.7, {"amenity": "cafe", "name": "Lakeside", "opening_hours": "Sa-Su 10:00-18:00"}),
    (1.6, 2.4, {"amenity": "pharmacy", "name": "Town Pharmacy", "opening_hours": "Mo-Sa 09:00-18:00"}),
    (3.3, 2.3, {"shop": "supermarket", "name": "Market Hall", "opening_hours": "Mo-Su 07:00-22:00"}),
    (2.4, 2.35, {"amenity": "library", "name": "Town Library", "wikidata": "Q0"}),
    (5.4, 1.6, {"shop": "bicycle", "name": "Two Wheels"}),
    (2.0, 0.1, {"railway": "station", "name": "Town Station", "public_transport": "station"}),
    (3.0, 2.9, {"highway": "bus_stop", "name": "Market Road"}),
    (
        1.4,
        3.3,
        {"amenity": "restaurant", "name": "The Mill", "cuisine": "regional", "opening_hours": "Tu-Su 12:00-23:00"},
    ),
    (3.6, 3.4, {"tourism": "museum", "name": "Museum of Keys", "wikidata": "Q1"}),
)
"""Blocks to the east and to the south of the corner of the first two streets, and what is there."""


class _Writer:
    """Numbers nodes, and keeps ways until all nodes are written, as the format wants it."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer
        self._nodes = self._ways = 0
        self._waiting: list[Any] = []

    def node(self, east: float, south: float, tags: Tags | None = None) -> int:
        from osmium.osm import mutable

        self._nodes += 1
        lat = MIDDLE.lat - (south - 2.5) * BLOCK / METRES_A_DEGREE
        lon = MIDDLE.lon + (east - 3.0) * BLOCK / METRES_A_DEGREE / _LON_METRES
        self._writer.add_node(
            mutable.Node(id=self._nodes, location=(round(lon, 7), round(lat, 7)), tags=dict(tags or {}))
        )
        return self._nodes

    def way(self, nodes: list[int], tags: Tags) -> int:
        from osmium.osm import mutable

        self._ways += 1
        self._waiting.append(mutable.Way(id=self._ways, nodes=nodes, tags=dict(tags)))
        return self._ways

    def finish(self) -> None:
        for way in self._waiting:
            self._writer.add_way(way)


def write_town(path: Path) -> None:
    """Write the town as ``.osm.pbf``."""
    import osmium
    from osmium.osm import mutable

    header = osmium.io.Header()
    header.set("generator", "mcp_agent_maps")
    header.set("osmosis_replication_timestamp", f"{DATA_DATE}T00:00:00Z")
    with osmium.SimpleWriter(osmium.io.File(str(path), "pbf"), header=header) as raw:
        writer = _Writer(raw)
        crossings = [[writer.node(east, south) for east in range(len(_DOWN))] for south in range(len(_ACROSS))]
        high, market = _streets(writer, crossings)
        _ground(writer)
        _houses(writer)
        for east, south, tags in _PLACES:
            writer.node(east, south, tags)
        writer.node(3.0, 2.5, {"place": "town", "name": "Keyborough"})
        writer.finish()
        members = [("w", high, "from"), ("n", crossings[2][3], "via"), ("w", market, "to")]
        raw.add_relation(
            mutable.Relation(id=1, members=members, tags={"type": "restriction", "restriction": "no_right_turn"})
        )


def _streets(writer: _Writer, crossings: list[list[int]]) -> tuple[int, int]:
    """A grid: one street is one way, one is for feet. Gives the two between which a turn is forbidden."""
    kinds = {"High Street": "secondary", "Station Road": "tertiary", "Market Road": "tertiary"}
    for name, row in zip(_ACROSS, crossings, strict=True):
        if name == "High Street":
            high = writer.way(row[:4], {"highway": "secondary", "name": name})
            writer.way(row[3:], {"highway": "secondary", "name": name})
        elif name == "Church Street":
            writer.way(row, {"highway": "pedestrian", "name": name, "bicycle": "yes"})
        else:
            writer.way(row, {"highway": kinds.get(name, "residential"), "name": name})
    for at, name in enumerate(_DOWN):
        column = [row[at] for row in crossings]
        oneway = {"oneway": "yes"} if name == "Garden Road" else {}
        if name == "Market Road":
            writer.way(column[:3], {"highway": "tertiary", "name": name})
            market = writer.way(column[2:], {"highway": "tertiary", "name": name})
        else:
            writer.way(column, {"highway": kinds.get(name, "residential"), "name": name, **oneway})
    path = [crossings[4][5], writer.node(5.4, 4.5), writer.node(5.6, 4.8), crossings[5][6]]
    writer.way(path, {"highway": "footway"})
    return high, market


def _ground(writer: _Writer) -> None:
    """A park with a pond, a river, a railway, and the built-up rest."""
    _ring(writer, [(-0.6, -0.6), (6.6, -0.6), (6.6, 5.6), (-0.6, 5.6)], {"landuse": "residential"})
    _ring(writer, [(4.08, 4.08), (5.9, 4.08), (5.9, 4.92), (4.08, 4.92)], {"leisure": "park", "name": "Lake Park"})
    _ring(writer, [(4.4, 4.3), (4.9, 4.25), (5.1, 4.5), (4.9, 4.75), (4.5, 4.7), (4.3, 4.5)],
          {"natural": "water", "name": "Mirror Pond"})  # fmt: skip
    river = [
        writer.node(east, 3.5 + wave) for east, wave in ((-0.8, 0.1), (1, -0.05), (3, 0.12), (5, 0.0), (6.8, 0.15))
    ]
    writer.way(river, {"waterway": "river", "name": "Key Water"})
    rails = [writer.node(east, -0.15) for east in (-0.8, 2, 4, 6.8)]
    writer.way(rails, {"railway": "rail"})


def _houses(writer: _Writer) -> None:
    """Three on each block of three streets, with numbers."""
    for street, south in (("Birch Street", 0), ("Mill Street", 1), ("High Street", 2)):
        for block in range(6):
            for house in range(3):
                east, number = block + 0.2 + 0.25 * house, 2 * (3 * block + house) + 1
                corners = [
                    (east, south + 0.1),
                    (east + 0.18, south + 0.1),
                    (east + 0.18, south + 0.3),
                    (east, south + 0.3),
                ]
                address = {"addr:street": street, "addr:housenumber": str(number), "addr:city": "Keyborough",
                           "addr:country": "FI"}  # fmt: skip
                _ring(writer, corners, {"building": "house", **address})


def _ring(writer: _Writer, corners: list[tuple[float, float]], tags: Tags) -> None:
    nodes = [writer.node(*corner) for corner in corners]
    writer.way([*nodes, nodes[0]], tags)
