"""A map of a piece of the world, from the extract, with what somebody wants to see on it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from mcp_agent_maps.extract.reader import Extract
from mcp_agent_maps.extract.shapes import unpack_rings
from mcp_agent_maps.geometry import Point, unpack
from mcp_agent_maps.render import style
from mcp_agent_maps.render.canvas import SHARPNESS, Canvas, Pixel
from mcp_agent_maps.render.coast import Frame, draw_sea
from mcp_agent_maps.render.labels import Labels
from mcp_agent_maps.results import Feature
from mcp_agent_maps.where import parse_point

_IN_BOX = "south <= ? and north >= ? and west <= ? and east >= ?"
_SOURCE_SIZE = 10
_MOST = 40_000
"""Of shapes and of segments: at more than that a picture is too wide to show them."""
_BUILDINGS_UP_TO, _STREET_NAMES_UP_TO, _SQUARES_UP_TO, _DOTS_UP_TO = 6.0, 5.0, 3.0, 1.2
"""Metres a pixel."""


def draw_map(
    extract: Extract, centre: Point, across: float, size: tuple[int, int], features: Sequence[Feature]
) -> bytes:
    """A PNG of ``size`` pixels, ``across`` metres wide; ``features`` are drawn over the map."""
    canvas = Canvas(centre, across, *size, style.PAPER)
    labels = Labels(canvas)
    labels.reserve(_source_corner(canvas), _source(extract), _SOURCE_SIZE)
    _draw_ground(canvas, extract)
    roads = _roads(canvas, extract)
    _draw_roads(canvas, roads)
    _draw_over(canvas, labels, features)
    _name_everything(canvas, labels, extract, roads)
    labels.write(_source_corner(canvas), _source(extract), _SOURCE_SIZE)
    return canvas.png()


def _rows(canvas: Canvas, extract: Extract, columns: str, table: str, also: str = "1") -> list[Any]:
    box = canvas.box()
    statement = f"select {columns} from {table}_box join {table} using (id) where {_IN_BOX} and {also} limit {_MOST}"
    return extract.rows(statement, (box.north, box.south, box.east, box.west))


def _draw_ground(canvas: Canvas, extract: Extract) -> None:
    """Sea, areas from the largest to the smallest, lines, then buildings."""
    frame = Frame(*canvas.inside(extract.box))
    if frame.right > frame.left and frame.bottom > frame.top:
        canvas.draw.rectangle(frame, fill=style.LAND)
    columns = "layer, kind, points, holes"
    coast = [unpack(points) for _, _, points, _ in _rows(canvas, extract, columns, "shapes", "kind = 'coast'")]
    if coast and frame.right > frame.left and frame.bottom > frame.top:
        draw_sea(canvas, frame, coast, style.WATER, style.LAND)
    by_size = "layer = 'area' order by (north - south) * (east - west) desc"
    for _, kind, points, holes in _rows(canvas, extract, columns, "shapes", f"{by_size}"):
        _draw_area(canvas, points, holes, style.AREAS[kind])
    for _, kind, points, _ in _rows(canvas, extract, columns, "shapes", "layer = 'line' and kind != 'coast'"):
        look = style.LINES[kind]
        canvas.line(canvas.pixels(unpack(points)), look.colour, canvas.wide(look.metres, look.least), look.dash)
    if canvas.scale <= _BUILDINGS_UP_TO:
        for _, _, points, holes in _rows(canvas, extract, columns, "shapes", "layer = 'building' and height >= 0"):
            _draw_area(canvas, points, holes, style.BUILDING, style.BUILDING_EDGE)


def _draw_area(canvas: Canvas, points: bytes, holes: bytes | None, fill: Any, edge: Any = None) -> None:
    rings = [canvas.pixels(ring) for ring in unpack_rings(unpack(holes))] if holes else []
    canvas.area(canvas.pixels(unpack(points)), rings, fill, edge)


def _roads(canvas: Canvas, extract: Extract) -> dict[str, list[tuple[str | None, list[Pixel]]]]:
    """(name, line) of every segment on the picture, by kind."""
    found: dict[str, list[tuple[str | None, list[Pixel]]]] = defaultdict(list)
    for kind, name, points in _rows(canvas, extract, "kind, name, points", "segments"):
        look = style.ROADS.get(kind.removesuffix(style.UNDERLAY))
        if look is not None and canvas.scale <= look.from_scale:
            found[kind].append((name, canvas.pixels(unpack(points))))
    return found


def _draw_roads(canvas: Canvas, roads: dict[str, list[tuple[str | None, list[Pixel]]]]) -> None:
    """All edges first, so that streets of one height run into each other."""
    looks = [(look, 0.7 if link else 1.0, roads.get(kind + link, ()))
             for kind, look in style.ROADS.items() for link in (style.UNDERLAY, "")]  # fmt: skip
    for look, share, lines in looks:
        if look.edge is not None:
            for _, line in lines:
                canvas.line(line, look.edge, canvas.wide(look.metres * share, look.least) + 3)
    for look, share, lines in looks:
        for _, line in lines:
            canvas.line(line, look.colour, canvas.wide(look.metres * share, look.least), look.dash)


def _draw_over(canvas: Canvas, labels: Labels, features: Sequence[Feature]) -> None:
    """Areas under lines under points."""
    kinds = ("MultiPolygon", "LineString", "Point")
    for feature in sorted(features, key=lambda one: kinds.index(one["geometry"]["type"])):
        kind, coordinates = feature["geometry"]["type"], feature["geometry"]["coordinates"]
        if kind == "Point":
            pixel = canvas.pixel(Point(coordinates[1], coordinates[0]))
            labels.dot(pixel, style.MARK, 6)
            name = feature["properties"].get("name")
            if name and parse_point(str(name)) is None:
                labels.at(pixel, str(name), style.LABEL_SIZES["area"], style.MARK, below=20)
        elif kind == "LineString":
            line = [canvas.pixel(Point(lat, lon)) for lon, lat in coordinates]
            canvas.line(line, style.HALO, canvas.wide(0, 8))
            canvas.line(line, style.ROUTE, canvas.wide(0, 5))
        else:
            for outer, *holes in coordinates:
                rings = [[canvas.pixel(Point(lat, lon)) for lon, lat in ring] for ring in (outer, *holes)]
                canvas.area(rings[0], rings[1:], style.REACH)
                for ring in rings:
                    canvas.line(ring, style.ROUTE, canvas.wide(0, 1.5))


def _name_everything(
    canvas: Canvas, labels: Labels, extract: Extract, roads: dict[str, list[tuple[str | None, list[Pixel]]]]
) -> None:
    for pixel, name, size in _towns_and_areas(canvas, extract):
        labels.at(pixel, name, size)
    if canvas.scale <= _STREET_NAMES_UP_TO:
        for name, line in _streets(roads):
            labels.along(line, name, style.LABEL_SIZES["street"])
    if canvas.scale <= _DOTS_UP_TO:
        for pixel, name, colour in _sights(canvas, extract):
            if labels.dot(pixel, colour, 3.5):
                labels.at(pixel, name, style.LABEL_SIZES["dot"], colour, below=14)


def _towns_and_areas(canvas: Canvas, extract: Extract) -> Iterator[tuple[Pixel, str, int]]:
    """Places of the map's own kind, then parks and waters that are large enough."""
    shown = (*style.TOWNS, "square") if canvas.scale <= _SQUARES_UP_TO else style.TOWNS
    values = ", ".join(f"'{value}'" for value in shown)
    is_town = f"key = 'place' and value in ({values})"
    towns = f"name not null and exists (select 1 from kinds where place = places.id and {is_town})"
    for name, lat, lon in _rows(canvas, extract, "name, lat, lon", "places", f"{towns} order by importance desc"):
        yield canvas.pixel(Point(lat, lon)), name, style.LABEL_SIZES["place"]
    large = "layer = 'area' and name not null and kind in ('park', 'water', 'wood') order by (north - south) desc"
    for (
        name,
        points,
    ) in _rows(canvas, extract, "name, points", "shapes", large):
        pixels = canvas.pixels(unpack(points))
        xs, ys = [x for x, _ in pixels], [y for _, y in pixels]
        if max(xs) - min(xs) > 120:
            yield ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2), name, style.LABEL_SIZES["area"]


def _streets(roads: dict[str, list[tuple[str | None, list[Pixel]]]]) -> Iterator[tuple[str, list[Pixel]]]:
    """Each named street once, as its longest line, the widest streets first."""
    for kind in reversed(list(style.ROADS)):
        named: dict[str, list[list[Pixel]]] = defaultdict(list)
        for name, line in roads.get(kind, ()):
            if name:
                named[name].append(line)
        for name, lines in named.items():
            yield (
                name,
                max(_chained(lines), key=lambda line: abs(line[0][0] - line[-1][0]) + abs(line[0][1] - line[-1][1])),
            )


def _chained(lines: Sequence[list[Pixel]]) -> list[list[Pixel]]:
    """Segments put together where one ends and another begins."""
    left = {tuple(line) for line in lines}
    chains = []
    while left:
        chain = list(left.pop())
        while True:
            following = next((line for line in left if chain[-1] in (line[0], line[-1])), None)
            if following is None:
                break
            left.remove(following)
            chain += (following if following[0] == chain[-1] else following[::-1])[1:]
        chains.append(chain)
    return chains


def _sights(canvas: Canvas, extract: Extract) -> Iterator[tuple[Pixel, str, style.Colour]]:
    """Named places with a dot, the most important first."""
    keys = ", ".join(f"'{key}'" for key in style.DOTS if key != "place")
    wanted = f"name not null and exists (select 1 from kinds where place = places.id and key in ({keys}))"
    rows = _rows(canvas, extract, "name, lat, lon, tags", "places", f"{wanted} order by importance desc, places.id")
    for name, lat, lon, tags in rows[:400]:
        known = json.loads(tags)
        colour = next(colour for key, colour in style.DOTS.items() if key in known)
        yield canvas.pixel(Point(lat, lon)), name, colour


def _source(extract: Extract) -> str:
    """The licence of the data wants it on the picture."""
    return f"© OpenStreetMap contributors, {extract.data_date}"


def _source_corner(canvas: Canvas) -> Pixel:
    return canvas.width - 6.0 * SHARPNESS, canvas.height - 4.0 * SHARPNESS
