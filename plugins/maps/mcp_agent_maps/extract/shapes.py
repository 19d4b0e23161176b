"""What a map is drawn from, beside the streets: areas and lines, with the layer that each belongs to."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING

from mcp_agent_maps.extract.places import line_of
from mcp_agent_maps.geometry import Point, box_of, pack
from mcp_agent_maps.render.layers import AREA_KEYS, LINE_KEYS, area_of, line_layer_of

if TYPE_CHECKING:
    from mcp_agent_maps.extract.build import Work

_MOST_POINTS = 60_000
"""Of one ring: a coast of a country is not drawn."""


def index(work: Work) -> None:
    for found in work.watched(work.source.areas(*AREA_KEYS, *LINE_KEYS)):
        tags = {tag.k: tag.v for tag in found.tags}
        if found.is_area():
            layer = area_of(tags)
            if layer is None:
                continue
            for outer in found.outer_rings():
                holes = [[Point(node.lat, node.lon) for node in ring] for ring in found.inner_rings(outer)]
                _add(work.connection, layer, tags, [Point(node.lat, node.lon) for node in outer], holes)
        elif found.is_way():
            layer = line_layer_of(tags)
            if layer is not None:
                _add(work.connection, layer, tags, line_of(found), [])


def _add(
    connection: sqlite3.Connection,
    layer: tuple[str, str],
    tags: Mapping[str, str],
    line: list[Point],
    holes: list[list[Point]],
) -> None:
    if not 2 <= len(line) <= _MOST_POINTS:
        return
    height = tags.get("layer", "0")
    level = int(height) if height.lstrip("-").isdigit() else 0
    packed = pack_rings(holes) if holes else None
    number = connection.execute(
        "insert into shapes (layer, kind, name, height, points, holes) values (?, ?, ?, ?, ?, ?)",
        (*layer, tags.get("name"), level, pack(line), packed),
    ).lastrowid
    box = box_of(line)
    connection.execute("insert into shapes_box (id, south, west, north, east) values (?, ?, ?, ?, ?)", (number, *box))


def pack_rings(rings: list[list[Point]]) -> bytes:
    """One after the other; each ends where it began, which is how they are told apart again."""
    return b"".join(pack([*ring, ring[0]] if ring[0] != ring[-1] else ring) for ring in rings)


def unpack_rings(points: list[Point]) -> list[list[Point]]:
    rings: list[list[Point]] = []
    ring: list[Point] = []
    for point in points:
        ring.append(point)
        if len(ring) > 2 and point == ring[0]:
            rings.append(ring)
            ring = []
    return rings
