"""The segments of an extract as arcs: each in the directions that one mode may travel it."""

from __future__ import annotations

from msgspec import Struct

from mcp_agent_maps.extract.reader import Extract
from mcp_agent_maps.geometry import Point, ends
from mcp_agent_maps.routing.profiles import Mode


class Arc(Struct, frozen=True):
    """A segment in one direction: ``segment`` is negative against its line. ``tail`` and ``head`` are junctions."""

    segment: int
    way: int
    tail: int
    head: int
    seconds: float


def read_arcs(extract: Extract, mode: Mode) -> tuple[list[Arc], dict[int, Point]]:
    """Every segment in each direction that is allowed, and where junctions are.

    A junction that has a barrier in it is nobody's: each segment ends there at a place of its own.
    """
    barriers = {node for (node,) in extract.rows("select node from barriers where instr(profiles, ?)", (mode,))}
    arcs: list[Arc] = []
    spots: dict[int, Point] = {}
    statement = (
        f"select id, way, a, b, metres, {mode}, {mode}_back, points from segments where {mode} > 0 or {mode}_back > 0"
    )
    for number, way, a, b, long, forward, backward, points in extract.rows(statement):
        first, last = ends(points)
        a, b = (-(2 * number + at) if node in barriers else node for at, node in enumerate((a, b)))
        spots[a], spots[b] = first, last
        if forward:
            arcs.append(Arc(number, way, a, b, long * 3.6 / forward))
        if backward:
            arcs.append(Arc(-number, way, b, a, long * 3.6 / backward))
    return arcs, spots
