"""How far one gets in a time: the streets that are reached, and an outline around them."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mcp_agent_maps.geometry import METRES_A_DEGREE, Point, box_of, cut, metres, unpack
from mcp_agent_maps.routing.graph import BUILT_IN, Graph, Stop

_BESIDE = 30.0
"""Metres to each side of a street that count as reached."""
_CELLS = 360
"""Of the grid that the outline is found on, along its longer side."""
_SMALLEST_HOLE = 60
"""Cells; smaller gaps between streets are filled."""

Corner = tuple[int, int]


class Reach(NamedTuple):
    """``shapes`` are outer rings with their holes; ``furthest`` is in metres, as the crow flies.

    ``street_metres`` is None where the engine does not say which streets are reached.
    """

    shapes: list[list[list[Point]]]
    square_metres: float
    street_metres: float | None
    furthest: float
    engine: str


def reach(graph: Graph, stop: Stop, limit: float) -> Reach:
    """What is reached in ``limit`` seconds."""
    with graph.visiting([stop]) as [(leave, _)]:
        seconds = graph.seconds_from(leave)
        parts = _merged([*graph.reached(seconds, limit), *graph.around(stop, limit)])
    lines = list(_lines(graph, parts))
    shapes, area = _outline([*lines, [stop.point, stop.point]])
    long = sum(metres(a, b) for line in lines for a, b in itertools.pairwise(line))
    furthest = max((metres(stop.point, end) for line in lines for end in line), default=0.0)
    return Reach(shapes, area, long, furthest, BUILT_IN)


def _merged(parts: Sequence[tuple[int, float, float]]) -> dict[int, list[tuple[float, float]]]:
    """Of each segment the shares that are reached, from either end, none twice."""
    grouped: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for segment, low, high in sorted(parts):
        known = grouped[segment]
        if known and low <= known[-1][1]:
            known[-1] = (known[-1][0], max(known[-1][1], high))
        else:
            known.append((low, high))
    return grouped


def _lines(graph: Graph, parts: dict[int, list[tuple[float, float]]]) -> Iterator[list[Point]]:
    if not parts:
        return
    numbers = ",".join(map(str, parts))
    for number, long, points in graph.extract.rows(f"select id, metres, points from segments where id in ({numbers})"):
        line = unpack(points)
        for low, high in parts[number]:
            yield line if (low, high) == (0.0, 1.0) else cut(line, low * long, high * long)


def _outline(lines: Sequence[Sequence[Point]]) -> tuple[list[list[list[Point]]], float]:
    """Streets drawn broadly on a grid, and the edge of what they cover. The area is in square metres."""
    from PIL import Image, ImageDraw

    box = box_of([point for line in lines for point in line])
    scale = math.cos(math.radians((box.south + box.north) / 2))
    wide, high = (box.east - box.west) * scale * METRES_A_DEGREE, (box.north - box.south) * METRES_A_DEGREE
    cell = max(4.0, max(wide, high) / _CELLS)
    edge = _BESIDE / cell + 2

    def to_cell(point: Point) -> tuple[float, float]:
        x = (point.lon - box.west) * scale * METRES_A_DEGREE / cell + edge
        return x, (box.north - point.lat) * METRES_A_DEGREE / cell + edge

    def to_point(corner: Corner) -> Point:
        lon = box.west + (corner[0] - edge) * cell / METRES_A_DEGREE / scale
        return Point(box.north - (corner[1] - edge) * cell / METRES_A_DEGREE, lon)

    size = round(wide / cell + 2 * edge) + 1, round(high / cell + 2 * edge) + 1
    grid = Image.new("L", size, 0)
    draw = ImageDraw.Draw(grid)
    radius = _BESIDE / cell
    for line in lines:
        cells = [to_cell(point) for point in line]
        draw.line(cells, fill=1, width=max(1, round(2 * radius)))
        for x, y in (cells[0], cells[-1]):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=1)
    rings = [ring for ring in _rings(grid.tobytes(), *size) if _area(ring) > 0 or -_area(ring) > _SMALLEST_HOLE]
    outer = [ring for ring in rings if _area(ring) > 0]
    shapes = [[[to_point(corner) for corner in ring]] for ring in outer]
    for hole in (ring for ring in rings if _area(ring) < 0):
        around = [at for at, ring in enumerate(outer) if _holds(ring, hole[0]) and _area(ring) > -_area(hole)]
        if around:
            shapes[min(around, key=lambda at: _area(outer[at]))].append([to_point(corner) for corner in hole])
    return shapes, sum(map(_area, rings)) * cell * cell


def _rings(cells: bytes, width: int, height: int) -> Iterator[list[Corner]]:
    """The edges of what is set, corner by corner: counterclockwise on the map around it, clockwise around holes."""
    edges: dict[Corner, list[Corner]] = defaultdict(list)
    for y in range(height):
        for x in range(width):
            if not cells[y * width + x]:
                continue
            if not (y and cells[(y - 1) * width + x]):
                edges[x + 1, y].append((x, y))
            if not (x and cells[y * width + x - 1]):
                edges[x, y].append((x, y + 1))
            if not (y + 1 < height and cells[(y + 1) * width + x]):
                edges[x, y + 1].append((x + 1, y + 1))
            if not (x + 1 < width and cells[y * width + x + 1]):
                edges[x + 1, y + 1].append((x + 1, y))
    while edges:
        start = next(iter(edges))
        ring = [start]
        while True:
            following = edges[ring[-1]].pop()
            if not edges[ring[-1]]:
                del edges[ring[-1]]
            ring.append(following)
            if following == start:
                break
        yield _straightened(ring)


def _straightened(ring: list[Corner]) -> list[Corner]:
    """Without the corners between two steps of one direction."""
    kept = [ring[0]]
    for before, at, after in zip(ring, ring[1:], ring[2:], strict=False):
        if (at[0] - before[0], at[1] - before[1]) != (after[0] - at[0], after[1] - at[1]):
            kept.append(at)
    return [*kept, ring[-1]]


def _area(ring: Sequence[Corner]) -> float:
    """In cells; positive counterclockwise, as one sees it on the map."""
    return sum(ay * bx - ax * by for (ax, ay), (bx, by) in itertools.pairwise(ring)) / 2


def _holds(ring: Sequence[Corner], corner: Corner) -> bool:
    x, y = corner[0] + 0.5, corner[1] + 0.5
    inside = False
    for (ax, ay), (bx, by) in itertools.pairwise(ring):
        if (ay > y) != (by > y):
            inside ^= ax + (y - ay) / (by - ay) * (bx - ax) > x
    return inside
