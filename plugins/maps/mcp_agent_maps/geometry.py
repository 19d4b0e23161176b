"""Points on the globe, and what is measured between them. Degrees are WGS 84, lengths are metres."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

EARTH_RADIUS = 6_371_008.8
METRES_A_DEGREE = math.radians(1) * EARTH_RADIUS
_UNITS = 1e7
"""OpenStreetMap keeps seven digits after the point, a centimetre."""

_COMPASS = ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest")


class Point(NamedTuple):
    """Degrees, north and east positive."""

    lat: float
    lon: float


class Box(NamedTuple):
    """An area between two parallels and two meridians, in degrees."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, point: Point, slack: float = 0.0) -> bool:
        """Whether the point is inside, or not further outside than ``slack`` degrees."""
        return (
            self.south - slack <= point.lat <= self.north + slack
            and self.west - slack <= point.lon <= self.east + slack
        )


def metres(a: Point, b: Point) -> float:
    """Along the great circle."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians(b.lon - a.lon) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(1.0, h)))


def length(line: Sequence[Point]) -> float:
    return sum(metres(a, b) for a, b in pairwise(line))


def bearing(a: Point, b: Point) -> float:
    """Degrees clockwise from north, from 0 up to 360."""
    lat_a, lat_b, across = math.radians(a.lat), math.radians(b.lat), math.radians(b.lon - a.lon)
    y = math.sin(across) * math.cos(lat_b)
    x = math.cos(lat_a) * math.sin(lat_b) - math.sin(lat_a) * math.cos(lat_b) * math.cos(across)
    return math.degrees(math.atan2(y, x)) % 360


def compass(degrees: float) -> str:
    """``north``, ``northeast`` and so on."""
    return _COMPASS[round(degrees / 45) % 8]


def box_around(point: Point, radius: float) -> Box:
    """The smallest box with everything nearer than ``radius`` metres."""
    lat = radius / METRES_A_DEGREE
    lon = lat / max(0.01, math.cos(math.radians(point.lat)))
    return Box(point.lat - lat, point.lon - lon, point.lat + lat, point.lon + lon)


def on_the_globe(box: Box) -> list[Box]:
    """The same box; and once more from the other side where it reaches over the 180th meridian."""
    turns = [turn for turn, over in ((-360, box.east > 180), (360, box.west < -180)) if over]
    return [box, *(Box(box.south, box.west + turn, box.north, box.east + turn) for turn in turns)]


def middle_of(points: Sequence[Point]) -> Point:
    """The mean, counted from the first so that it lies between them on both sides of the 180th meridian."""
    east = sum((point.lon - points[0].lon + 180) % 360 - 180 for point in points) / len(points)
    lon = (points[0].lon + east + 180) % 360 - 180
    return Point(sum(point.lat for point in points) / len(points), lon)


def box_of(points: Sequence[Point]) -> Box:
    lats, lons = [point.lat for point in points], [point.lon for point in points]
    return Box(min(lats), min(lons), max(lats), max(lons))


def centre(line: Sequence[Point]) -> Point:
    """The centroid of a closed line's area; the middle of an open line."""
    if len(line) > 3 and line[0] == line[-1]:
        return _centroid(line)
    return along(line, length(line) / 2)


def _centroid(ring: Sequence[Point]) -> Point:
    origin = ring[0]
    area = lat = lon = 0.0
    for a, b in pairwise(ring):
        ax, ay, bx, by = a.lon - origin.lon, a.lat - origin.lat, b.lon - origin.lon, b.lat - origin.lat
        cross = ax * by - bx * ay
        area, lon, lat = area + cross, lon + (ax + bx) * cross, lat + (ay + by) * cross
    if abs(area) < 1e-14:  # a line there and back
        box = box_of(ring)
        return Point((box.south + box.north) / 2, (box.west + box.east) / 2)
    return Point(origin.lat + lat / (3 * area), origin.lon + lon / (3 * area))


def along(line: Sequence[Point], distance: float) -> Point:
    """The point so many metres from the line's beginning; its end where it is shorter."""
    for a, b in pairwise(line):
        step = metres(a, b)
        if distance <= step and step > 0:
            return between(a, b, distance / step)
        distance -= step
    return line[-1]


def between(a: Point, b: Point, share: float) -> Point:
    return Point(a.lat + (b.lat - a.lat) * share, a.lon + (b.lon - a.lon) * share)


def cut(line: Sequence[Point], begin: float, end: float) -> list[Point]:
    """The part of the line from ``begin`` to ``end`` metres, both on it."""
    part, walked = [along(line, begin)], 0.0
    for a, b in pairwise(line):
        walked += metres(a, b)
        if begin < walked < end:
            part.append(b)
    return [*part, along(line, end)]


class Nearest(NamedTuple):
    """The point of a line that is nearest to another: how far away, and how far from the line's beginning."""

    point: Point
    away: float
    along: float


def nearest_on(line: Sequence[Point], to: Point) -> Nearest:
    """Found on a plane that touches the globe there: good to centimetres over the kilometres that lines have."""
    scale = math.cos(math.radians(to.lat))
    best, walked = Nearest(line[0], metres(line[0], to), 0.0), 0.0
    least = math.inf
    for a, b in pairwise(line):
        ax, ay = (a.lon - to.lon) * scale, a.lat - to.lat
        dx, dy = (b.lon - a.lon) * scale, b.lat - a.lat
        square = dx * dx + dy * dy
        share = 0.0 if square == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / square))
        off = (ax + share * dx) ** 2 + (ay + share * dy) ** 2
        step = metres(a, b)
        if off < least:
            least, point = off, between(a, b, share)
            best = Nearest(point, metres(point, to), walked + share * step)
        walked += step
    return best


def pack(line: Sequence[Point]) -> bytes:
    """Eight bytes a point, exact to what OpenStreetMap keeps."""
    return array("i", [round(value * _UNITS) for point in line for value in point]).tobytes()


def unpack(blob: bytes) -> list[Point]:
    values: Iterator[int] = iter(array("i", blob))
    return [Point(lat / _UNITS, lon / _UNITS) for lat, lon in zip(values, values, strict=True)]


def ends(blob: bytes) -> tuple[Point, Point]:
    """The first and the last point of a packed line."""
    first, last = blob[: 2 * array("i").itemsize], blob[-2 * array("i").itemsize :]
    return unpack(first)[0], unpack(last)[0]
