"""Who may go where, and which turns: what tags and restrictions say."""

from __future__ import annotations

import threading
from pathlib import Path

import osmium
import pytest
from mcp_agent_maps.extract.build import build
from mcp_agent_maps.extract.reader import Extract
from mcp_agent_maps.geometry import Point
from mcp_agent_maps.routing.graph import Graph
from mcp_agent_maps.routing.path import legs
from mcp_agent_maps.routing.profiles import MODES, Speeds, blocked, speeds
from mcp_agent_maps.routing.snap import snap


@pytest.mark.parametrize(
    ("tags", "foot", "bike", "car"),
    [
        ({"highway": "residential"}, (5, 5), (16, 16), (30, 30)),
        ({"highway": "residential", "oneway": "yes"}, (5, 5), (16, 4), (30, 0)),  # a bike is walked back
        ({"highway": "residential", "oneway": "-1"}, (5, 5), (4, 16), (0, 30)),
        ({"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"}, (5, 5), (16, 16), (30, 0)),
        ({"highway": "residential", "oneway": "yes", "cycleway": "opposite_lane"}, (5, 5), (16, 16), (30, 0)),
        ({"highway": "tertiary", "junction": "roundabout"}, (5, 5), (16, 4), (45, 0)),
        ({"highway": "motorway"}, (0, 0), (0, 0), (110, 0)),
        ({"highway": "footway"}, (5, 5), (4, 4), (0, 0)),
        ({"highway": "footway", "bicycle": "designated"}, (5, 5), (12, 12), (0, 0)),
        ({"highway": "cycleway", "foot": "no"}, (0, 0), (16, 16), (0, 0)),
        ({"highway": "steps"}, (3, 3), (0, 0), (0, 0)),
        ({"highway": "trunk"}, (0, 0), (0, 0), (90, 90)),
        ({"highway": "service", "access": "private"}, (0, 0), (0, 0), (0, 0)),
        ({"highway": "service", "access": "private", "foot": "yes"}, (5, 5), (4, 4), (0, 0)),
        ({"highway": "residential", "motor_vehicle": "destination"}, (5, 5), (16, 16), (10, 10)),
        ({"highway": "residential", "vehicle": "no", "bicycle": "yes"}, (5, 5), (16, 16), (0, 0)),
        ({"highway": "primary", "maxspeed": "40"}, (5, 5), (16, 16), (36, 36)),
        ({"highway": "primary", "maxspeed": "30 mph"}, (5, 5), (16, 16), (43, 43)),
        ({"highway": "primary", "maxspeed": "walk"}, (5, 5), (16, 16), (60, 60)),
        ({"highway": "construction"}, (0, 0), (0, 0), (0, 0)),
    ],
)
def test_who_may_go_where(
    tags: dict[str, str], foot: tuple[int, int], bike: tuple[int, int], car: tuple[int, int]
) -> None:
    assert {mode: speeds(mode, tags) for mode in MODES} == {
        "foot": Speeds(*foot), "bike": Speeds(*bike), "car": Speeds(*car)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("tags", "stopped"),
    [
        ({"barrier": "bollard"}, ["car"]),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, []),
        ({"barrier": "gate"}, []),
        ({"barrier": "gate", "access": "private"}, ["foot", "bike", "car"]),
        ({"barrier": "gate", "access": "no", "foot": "yes"}, ["bike", "car"]),
        ({"barrier": "kissing_gate"}, ["bike", "car"]),
        ({"barrier": "wall"}, ["foot", "bike", "car"]),
    ],
)
def test_what_stops_whom(tags: dict[str, str], stopped: list[str]) -> None:
    assert [mode for mode in MODES if blocked(mode, tags)] == stopped


def _small(path: Path, restriction: str, via: list[tuple[str, int, str]], **more: str) -> Graph:
    """Two roads of one direction each, joined by a short street, and a long way round the north::

    7 ------------------- 8
    |                     |
    1 --> 2 --> 3 ------- 6
          |way 3
    4 <-- 5 <-- 6
    """
    spots = {1: (0, 0), 2: (2, 0), 3: (4, 0), 4: (0, -1), 5: (2, -1), 6: (4, -1), 7: (0, 5), 8: (4, 5)}
    ways = {
        1: ([1, 2], "yes"), 2: ([2, 3], "yes"), 3: ([2, 5], "no"), 4: ([6, 5], "yes"), 5: ([5, 4], "yes"),
        6: ([3, 6], "no"), 7: ([3, 8, 7, 1], "no"), 8: ([1, 4], "no"),
    }  # fmt: skip
    with osmium.SimpleWriter(str(path / "small.osm.pbf")) as writer:
        for number, (x, y) in spots.items():
            writer.add_node(osmium.osm.mutable.Node(id=number, location=(25 + x * 0.002, 60 + y * 0.001)))
        for number, (nodes, oneway) in ways.items():
            tags = {"highway": "residential", "oneway": oneway, "name": f"Way {number}"}
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=tags))
        members = [("w", 1, "from"), *via, ("w", 5 if restriction != "only_straight_on" else 2, "to")]
        tags = {"type": "restriction", "restriction": restriction, **more}
        writer.add_relation(osmium.osm.mutable.Relation(id=1, members=members, tags=tags))
    build(path / "small.osm.pbf", path / "small.sqlite3", lambda done, total, what: None, threading.Event())
    return Graph(Extract("small", path / "small.sqlite3"), "car")


@pytest.mark.parametrize(
    ("restriction", "via", "more", "ways"),
    [
        ("none", [], {}, [1, 3, 5]),
        ("no_u_turn", [("w", 3, "via")], {}, [1, 2, 6, 4, 5]),
        ("no_u_turn", [("w", 3, "via")], {"except": "motorcar"}, [1, 3, 5]),
        ("only_straight_on", [("n", 2, "via")], {}, [1, 2, 6, 4, 5]),
        ("only_u_turn", [("w", 3, "via")], {}, [1, 3, 5]),
        ("no_right_turn", [("n", 5, "via")], {}, [1, 3, 5]),  # it begins elsewhere: nobody is bound by it
    ],
)
def test_turns_by_way_of_streets(
    tmp_path: Path, restriction: str, via: list[tuple[str, int, str]], more: dict[str, str], ways: list[int]
) -> None:
    graph = _small(tmp_path, restriction, via, **more)
    [leg] = legs(graph, [snap(graph, Point(60, 25.0005)), snap(graph, Point(59.999, 25.0005))])
    assert [stretch.name for stretch in leg.stretches] == [f"Way {number}" for number in ways]
