"""A route: through stops, as a line with the streets it takes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from mcp_agent_maps.atlas.protocol import NotHere
from mcp_agent_maps.geometry import Point, cut, unpack
from mcp_agent_maps.routing.graph import Graph, Piece, Stop
from mcp_agent_maps.routing.profiles import Mode


class Stretch(NamedTuple):
    """A piece of street that is travelled: ``kind`` is OpenStreetMap's word for it."""

    line: list[Point]
    name: str | None
    kind: str
    metres: float
    seconds: float


class Leg(NamedTuple):
    """From one stop to the next."""

    stretches: list[Stretch]
    begin: Point
    end: Point

    @property
    def metres(self) -> float:
        return sum(stretch.metres for stretch in self.stretches)

    @property
    def seconds(self) -> float:
        return sum(stretch.seconds for stretch in self.stretches)

    @property
    def line(self) -> list[Point]:
        points = [point for stretch in self.stretches for point in stretch.line]
        return [points[0], *(b for a, b in pairwise(points) if a != b)] if points else [self.begin, self.end]


def legs(graph: Graph, stops: Sequence[Stop]) -> list[Leg]:
    """The quickest way through all stops in this order. Raises NotHere where one cannot be reached from the last."""
    with graph.visiting(stops) as vertices:
        ways = [
            graph.quickest(stops[at], vertices[at][0], stops[at + 1], vertices[at + 1][1])
            for at in range(len(stops) - 1)
        ]
    found = []
    for (begin, end), way in zip(pairwise(stops), ways, strict=True):
        if way is None:
            raise no_way(graph.mode, begin.point, end.point)
        found.append(Leg(_stretches(graph, way), begin.point, end.point))
    return found


def no_way(mode: Mode, begin: Point, end: Point) -> NotHere:
    return NotHere(
        f"There is no way by {mode} from {begin.lat:.5f}, {begin.lon:.5f} to {end.lat:.5f}, {end.lon:.5f} "
        "in the extract.",
        hint="Its streets may end at the extract's edge, or be closed to this profile: try another profile or point.",
    )


def _stretches(graph: Graph, way: Sequence[Piece]) -> list[Stretch]:
    numbers = ",".join({str(abs(piece.segment)) for piece in way})
    statement = (
        f"select id, name, kind, metres, {graph.mode}, {graph.mode}_back, points from segments where id in ({numbers})"
    )
    known = {number: rest for number, *rest in graph.extract.rows(statement)}
    return [_stretch(piece, *known[abs(piece.segment)]) for piece in way if piece.share > 0]


def _stretch(
    piece: Piece, name: str | None, kind: str, long: float, forward: int, backward: int, points: bytes
) -> Stretch:
    low, high = sorted((piece.begin, piece.end))
    line = unpack(points)
    if piece.share < 1:
        line = cut(line, low * long, high * long)
    travelled = piece.share * long
    speed = forward if piece.segment > 0 else backward
    return Stretch(line if piece.segment > 0 else line[::-1], name, kind, travelled, travelled * 3.6 / speed)
