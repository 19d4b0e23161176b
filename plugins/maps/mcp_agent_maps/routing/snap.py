"""From a point on the map to the street beside it."""

from __future__ import annotations

from mcp_agent_maps.atlas.protocol import NotHere
from mcp_agent_maps.geometry import Point, box_around, nearest_on, unpack
from mcp_agent_maps.routing.graph import Graph, Stop

_RINGS = (60.0, 250.0, 1500.0)
"""How far to look, in metres, in turn."""
_CUT_OFF = 200.0
"""So much further away a street may be that leads somewhere, before one that does not is taken, in metres."""
_IN_BOX = (
    "select id, metres, points from segments join segments_box using (id)"
    " where south <= ? and north >= ? and west <= ? and east >= ?"
)


def snap(graph: Graph, point: Point) -> Stop:
    """The nearest point of a street that this mode may use. Raises NotHere where there is none near."""
    alone: Stop | None = None
    for radius in _RINGS:
        stops = _near(graph, point, radius)
        main = next((stop for stop in stops if graph.is_main(stop.segment)), None)
        alone = alone or (stops[0] if stops else None)
        if main is not None and (alone is None or main.away <= alone.away + _CUT_OFF):
            return main
    if alone is not None:
        return alone
    raise NotHere(
        f"There is no street for {graph.mode} within {_RINGS[-1] / 1000:g} km of {point.lat:.5f}, {point.lon:.5f}.",
        hint="Take a point nearer to a street, another profile, or load an extract that covers it.",
    )


def _near(graph: Graph, point: Point, radius: float) -> list[Stop]:
    """Stops within the radius, the nearest first."""
    box = box_around(point, radius)
    stops = []
    for number, long, points in graph.extract.rows(_IN_BOX, (box.north, box.south, box.east, box.west)):
        if graph.is_open(number):
            found = nearest_on(unpack(points), point)
            if found.away <= radius:
                share = found.along / long if long else 0.0
                stops.append(Stop(found.point, number, min(1.0, share), found.away))
    return sorted(stops, key=lambda stop: stop.away)
