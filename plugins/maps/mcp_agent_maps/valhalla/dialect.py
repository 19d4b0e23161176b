"""What Valhalla is asked and what it answers, the same in a process of ours and on a server of the person's."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from mcp_agent_maps.atlas.protocol import Step, Times, Way
from mcp_agent_maps.geometry import METRES_A_DEGREE, Point, metres
from mcp_agent_maps.routing.profiles import Mode
from mcp_agent_maps.routing.reach import Reach

NAME = "Valhalla"
_PROFILES: Mapping[Mode, str] = {"foot": "pedestrian", "bike": "bicycle", "car": "auto"}

Question = dict[str, Any]
Ring = Sequence[Sequence[float]]


def route(stops: Sequence[Point], mode: Mode) -> Question:
    return {"locations": _points(stops), "costing": _PROFILES[mode], "units": "kilometers"}


def read_route(answer: Any) -> Way:
    """Raises KeyError, TypeError, IndexError or ValueError for what is no answer to ``route``."""
    trip = answer["trip"]
    line: list[Point] = []
    steps = []
    for leg in trip["legs"]:
        line += decode_line(leg["shape"])
        steps += [_step(turn) for turn in leg["maneuvers"]]
    legs = [leg["summary"]["length"] * 1000.0 for leg in trip["legs"]]
    return Way(line, sum(legs), float(trip["summary"]["time"]), steps, legs, NAME)


def _step(turn: Mapping[str, Any]) -> Step:
    streets = turn.get("street_names") or [None]
    text = str(turn["instruction"]).rstrip(".")
    return Step(text, round(turn["length"] * 1000), round(turn["time"]), int(turn.get("bearing_after", 0)), streets[0])


def matrix(begins: Sequence[Point], ends: Sequence[Point], mode: Mode) -> Question:
    return {"sources": _points(begins), "targets": _points(ends), "costing": _PROFILES[mode]}


def read_matrix(answer: Any) -> Times:
    """Raises like read_route."""
    return Times([[cell["time"] for cell in row] for row in answer["sources_to_targets"]], NAME)


def isochrone(start: Point, mode: Mode, seconds: float) -> Question:
    contour = {"time": seconds / 60}
    return {"locations": _points([start]), "costing": _PROFILES[mode], "contours": [contour], "polygons": True,
            "denoise": 0.0}  # fmt: skip


def read_reach(answer: Any, start: Point) -> Reach:
    """Valhalla draws an outline and does not say which streets are in it. Raises like read_route."""
    shape = answer["features"][0]["geometry"]
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    shapes, square = [], 0.0
    for polygon in polygons:
        rings = []
        for at, corners in enumerate(polygon):
            ring = [Point(lat, lon) for lon, lat in corners]
            area = _area(ring)
            square += -abs(area) if at else abs(area)
            rings.append(ring if (area > 0) != bool(at) else ring[::-1])
        shapes.append(rings)
    furthest = max(metres(start, corner) for rings in shapes for corner in rings[0])
    return Reach(shapes, square, None, furthest, NAME)


def _area(ring: Sequence[Point]) -> float:
    """In square metres, positive counterclockwise, on a plane that touches the globe at its first corner."""
    first = ring[0]
    scale = METRES_A_DEGREE**2 * math.cos(math.radians(first.lat)) / 2
    return scale * sum(
        (a.lon - first.lon) * (b.lat - first.lat) - (b.lon - first.lon) * (a.lat - first.lat) for a, b in pairwise(ring)
    )


def _points(points: Sequence[Point]) -> list[dict[str, float]]:
    return [{"lat": round(point.lat, 6), "lon": round(point.lon, 6)} for point in points]


def decode_line(text: str) -> list[Point]:
    """Valhalla's encoded polyline, six digits after the point. Raises ValueError for half of one."""
    values: list[int] = []
    value = shift = 0
    for character in text:
        bits = ord(character) - 63
        value |= (bits & 31) << shift
        shift += 5
        if bits < 32:
            values.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    points, lat, lon = [], 0, 0
    for north, east in zip(values[::2], values[1::2], strict=True):
        lat, lon = lat + north, lon + east
        points.append(Point(lat / 1e6, lon / 1e6))
    return points
