"""What the built-in graph answers, in the words that every engine answers in."""

from __future__ import annotations

from collections.abc import Sequence

from mcp_agent_maps.atlas.protocol import Times, Way
from mcp_agent_maps.geometry import Point
from mcp_agent_maps.routing.graph import BUILT_IN, Graph
from mcp_agent_maps.routing.path import legs
from mcp_agent_maps.routing.snap import snap
from mcp_agent_maps.routing.steps import steps_of


def way(graph: Graph, stops: Sequence[Point]) -> Way:
    """The quickest way through all of them. Raises NotHere."""
    found = legs(graph, [snap(graph, stop) for stop in stops])
    line = [point for leg in found for point in leg.line]
    long = [leg.metres for leg in found]
    return Way(line, sum(long), sum(leg.seconds for leg in found), steps_of(found), long, BUILT_IN)


def seconds(graph: Graph, begins: Sequence[Point], ends: Sequence[Point]) -> Times:
    """From each to each. Raises NotHere for a point that is beside no street."""
    stops = [snap(graph, point) for point in (*begins, *ends)]
    with graph.visiting(stops) as vertices:
        arrivals = [arrive for _, arrive in vertices[len(begins) :]]
        rows = []
        for leave, _ in vertices[: len(begins)]:
            reached = graph.seconds_from(leave)
            rows.append([reached.get(arrive, None) for arrive in arrivals])
    return Times(rows, BUILT_IN)
