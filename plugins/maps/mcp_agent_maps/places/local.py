"""Questions about places that an extract answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from mcp_agent_maps.extract.reader import Extract
from mcp_agent_maps.geometry import Box, Point, box_around, box_of, metres, nearest_on, on_the_globe, unpack
from mcp_agent_maps.places.categories import Tag
from mcp_agent_maps.places.place import Place

_COLUMNS = "places.osm, places.name, places.lat, places.lon, places.tags, places.address"
_IN_BOX = "south <= ? and north >= ? and west <= ? and east >= ?"
_MOST = 50_000
"""Places that are looked at for one question."""


def within(extract: Extract, line: Sequence[Point], radius: float, wanted: Sequence[Tag] = ()) -> list[Place]:
    """Places no further than ``radius`` metres from a point or line, the nearest first; of these kinds, or of any."""
    found: dict[str, Place] = {}
    pieces = list(pairwise(line)) or [(line[0], line[0])]
    for piece in pieces:
        away = _distance_to(piece)
        for box in on_the_globe(_grown(piece, radius)):
            for row in _rows(extract, box, wanted):
                place = _place(row, away(Point(row[2], row[3])))
                if place.away <= radius and (place.osm not in found or place.away < found[place.osm].away):
                    found[place.osm] = place
    return sorted(found.values(), key=lambda place: place.away)


def _distance_to(piece: tuple[Point, Point]) -> Callable[[Point], float]:
    begin, end = piece
    return (lambda point: metres(begin, point)) if begin == end else (lambda point: nearest_on(piece, point).away)


def _grown(piece: tuple[Point, Point], radius: float) -> Box:
    corners = [box_around(point, radius) for point in piece]
    return box_of([Point(*pair) for box in corners for pair in ((box.south, box.west), (box.north, box.east))])


def _rows(extract: Extract, box: Box, wanted: Sequence[Tag]) -> list[Any]:
    values: list[Any] = [box.north, box.south, box.east, box.west]
    kinds = []
    for key, value in wanted:
        kinds.append("key = ?" if value == "*" else "(key = ? and value = ?)")
        values += [key] if value == "*" else [key, value]
    of_kind = f"exists (select 1 from kinds where place = places.id and ({' or '.join(kinds)}))" if kinds else _NOTABLE
    statement = f"select {_COLUMNS} from places_box join places using (id) where {_IN_BOX} and {of_kind} limit {_MOST}"
    return extract.rows(statement, values)


_NOTABLE = "exists (select 1 from kinds where place = places.id and key not in ('addr', 'building'))"
"""Whatever is more than a house."""


def by_id(extract: Extract, osm: str) -> Place | None:
    rows = extract.rows(f"select {_COLUMNS} from places where osm = ? limit 1", (osm,))
    return _place(rows[0], 0.0) if rows else None


def addresses(extract: Extract, point: Point, radius: float) -> list[Place]:
    """Houses with a number, the nearest first."""
    return within(extract, [point], radius, [("addr", "yes")])


def nearest_street(extract: Extract, point: Point, radius: float) -> tuple[str, float] | None:
    """The name of the nearest street that has one, and how many metres away it is."""
    box = box_around(point, radius)
    rows = extract.rows(
        f"select name, points from segments_box join segments using (id) where {_IN_BOX} and name not null",
        (box.north, box.south, box.east, box.west),
    )
    found = [(nearest_on(unpack(points), point).away, name) for name, points in rows]
    away, name = min(found, default=(radius, None))
    return (name, away) if name is not None and away < radius else None


def areas_at(extract: Extract, point: Point) -> list[str]:
    """Names of parks, campuses and buildings that the point is in, the smallest first."""
    box = (point.lat, point.lat, point.lon, point.lon)
    rows = extract.rows(
        f"select name, points, north - south from shapes_box join shapes using (id) where {_IN_BOX} and name not null"
        " and layer in ('area', 'building') order by 3",
        box,
    )
    return [name for name, points, _ in rows if _inside(unpack(points), point)]


def _inside(ring: Sequence[Point], point: Point) -> bool:
    """By counting the sides that a line from the point to the east crosses."""
    inside = False
    for a, b in pairwise(ring):
        if (a.lat > point.lat) != (b.lat > point.lat):
            east = a.lon + (point.lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon)
            inside ^= east > point.lon
    return inside


def _place(row: Any, away: float) -> Place:
    osm, name, lat, lon, tags, address = row
    return Place(osm, name, Point(lat, lon), json.loads(tags), address, away)
