"""Routes: against a shortest path worked out independently on the raw data, and against the laws that they obey."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx
import osmium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcp_agent_maps.extract.build import build
from mcp_agent_maps.extract.reader import Extract
from mcp_agent_maps.geometry import Point, metres
from mcp_agent_maps.routing.graph import Graph, Stop
from mcp_agent_maps.routing.order import best_order, total
from mcp_agent_maps.routing.path import legs
from mcp_agent_maps.routing.profiles import MODES, Mode, Speeds, blocked, speeds
from mcp_agent_maps.routing.snap import snap
from mcp_agent_maps.routing.turns import Arc, states_of
from mcp_agent_maps.town import BLOCK, write_town

from mcp_agent import ToolError
from mcp_agent.callers import NoCaller
from mcp_agent.testing import host_for
from tests.real.osm import helsinki

MODULE = "mcp_agent_maps"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Extract:
    made = tmp_path_factory.mktemp("city") / "helsinki.sqlite3"
    build(helsinki(), made, lambda done, total, what: None, threading.Event())
    return Extract("helsinki", made)


# --- the same question, asked of the raw data ---------------------------------------------------------------------


class Edge(NamedTuple):
    """From one node of a way to the next: the raw data knows no segments."""

    begin: int
    end: int
    way: int
    seconds: float


class RawWorld:
    """Every edge as a vertex, every allowed turn as an edge of networkx: plain Dijkstra keeps to each rule."""

    def __init__(self, path: Path, mode: Mode) -> None:
        self.spots: dict[int, Point] = {}
        self.edges: list[Edge] = []
        self.kinds: dict[int, dict[str, str]] = {}
        self._read(path, mode)
        leaving: dict[int, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            leaving[edge.begin].append(edge)
        self.turns = nx.DiGraph()
        for edge in self.edges:
            for onward in leaving[edge.end]:
                if self._allowed(mode, edge, onward, leaving[edge.end]):
                    self.turns.add_edge(edge, onward, seconds=onward.seconds)

    def _read(self, path: Path, mode: Mode) -> None:
        self.stopped: set[int] = set()
        self.no: set[tuple[int, int, int]] = set()
        self.only: dict[tuple[int, int], set[int]] = defaultdict(set)
        for found in osmium.FileProcessor(path).with_locations():
            tags = {tag.k: tag.v for tag in found.tags}
            if found.is_node():
                self.spots[found.id] = Point(found.lat, found.lon)
                if "barrier" in tags and blocked(mode, tags):
                    self.stopped.add(found.id)
            elif found.is_way() and "highway" in tags:
                self._read_way(found, mode, tags)
            elif found.is_relation() and tags.get("type") == "restriction":
                self._read_restriction(found, mode, tags)

    def _read_way(self, way: Any, mode: Mode, tags: Mapping[str, str]) -> None:
        forward, backward = speeds(mode, tags)
        for a, b in itertools.pairwise(way.nodes):
            if not a.location.valid() or not b.location.valid():
                continue
            long = metres(Point(a.lat, a.lon), Point(b.lat, b.lon))
            if forward:
                self.edges.append(Edge(a.ref, b.ref, way.id, long * 3.6 / forward))
            if backward:
                self.edges.append(Edge(b.ref, a.ref, way.id, long * 3.6 / backward))

    def _read_restriction(self, found: Any, mode: Mode, tags: Mapping[str, str]) -> None:
        kind = tags.get("restriction", "")
        excepted = {"bicycle": "bike", "motorcar": "car", "motor_vehicle": "car"}
        if mode == "foot" or mode in {excepted.get(word) for word in tags.get("except", "").split(";")}:
            return
        via = [member.ref for member in found.members if member.role == "via" and member.type == "n"]
        begins = [member.ref for member in found.members if member.role == "from"]
        ends = [member.ref for member in found.members if member.role == "to"]
        for node, begin, end in itertools.product(via, begins, ends):
            if kind.startswith("no_"):
                self.no.add((begin, node, end))
            elif kind.startswith("only_"):
                self.only[begin, node].add(end)

    def _allowed(self, mode: Mode, edge: Edge, onward: Edge, others: list[Edge]) -> bool:
        back = onward.end == edge.begin and onward.way == edge.way
        if edge.end in self.stopped:
            return back
        if mode == "car" and back and len(others) > 1:
            return False
        if (edge.way, edge.end, onward.way) in self.no:
            return False
        wanted = self.only.get((edge.way, edge.end))
        if wanted and any(other.way in wanted for other in others):
            return onward.way in wanted
        return True

    def seconds(self, begin: tuple[int, int], end: tuple[int, int]) -> float | None:
        """From the middle of one piece of way to the middle of another."""
        starts = [edge for edge in self.edges if {edge.begin, edge.end} == set(begin)]
        ends = {edge for edge in self.edges if {edge.begin, edge.end} == set(end)}
        best: float | None = None
        for start in starts:
            found = nx.single_source_dijkstra_path_length(self.turns, start, weight="seconds")
            for last in ends & found.keys():
                seconds = start.seconds / 2 + found[last] - last.seconds / 2
                best = seconds if best is None else min(best, seconds)
        return best


def middles(world: RawWorld, graph: Graph, count: int) -> Iterator[tuple[tuple[int, int], Stop]]:
    """Pieces of way somewhere in the city, and where the plugin puts somebody who stands in their middle."""
    chance = random.Random(7)
    pieces = sorted({(min(edge[:2]), max(edge[:2]), edge.way) for edge in world.edges})
    while count:
        begin, end, way = chance.choice(pieces)
        a, b = world.spots[begin], world.spots[end]
        stop = snap(graph, Point((a.lat + b.lat) / 2, (a.lon + b.lon) / 2))
        [(found,)] = graph.extract.rows("select way from segments where id = ?", (stop.segment,))
        parallel = sum({edge.begin, edge.end} == {begin, end} for edge in world.edges) > 2
        if found == way and stop.away < 0.3 and graph.is_main(stop.segment) and not parallel:
            count -= 1
            yield (begin, end), stop


@pytest.mark.real
@pytest.mark.parametrize("mode", MODES)
def test_routes_take_as_long_as_an_independent_search_says(city: Extract, mode: Mode) -> None:
    world, graph = RawWorld(helsinki(), mode), Graph(city, mode)
    pairs = list(middles(world, graph, 16))
    for (begin, start), (end, finish) in zip(pairs[::2], pairs[1::2], strict=True):
        if start.segment == finish.segment:
            continue
        expected = world.seconds(begin, end)
        if expected is None:
            with pytest.raises(ToolError, match="no way"):
                legs(graph, [start, finish])
            continue
        [leg] = legs(graph, [start, finish])
        assert leg.seconds == pytest.approx(expected, rel=1e-4, abs=0.05), (begin, end)
        joined = sum(metres(a, b) for a, b in itertools.pairwise(leg.line))
        assert leg.metres == pytest.approx(joined, rel=1e-4, abs=0.05)  # the line is the way, without a gap


@pytest.mark.real
def test_the_restrictions_of_the_city_matter(city: Extract) -> None:
    """Or the test above would prove nothing of them: without rules some routes by car are quicker."""
    world, graph = RawWorld(helsinki(), "car"), Graph(city, "car")
    assert len(world.no) + len(world.only) > 20
    stops = [stop for _, stop in middles(world, graph, 40)]
    free = Extract("free", Path(city.rows("pragma database_list")[0][2]))
    rows = free.rows
    free.rows = lambda statement, values=(): [] if "from turns" in statement else rows(statement, values)  # type: ignore[method-assign]
    lawless = Graph(free, "car")
    with graph.visiting(stops) as a, lawless.visiting(stops) as b:
        strict, loose = [], []
        for (leave, _), (other, _) in zip(a, b, strict=True):
            reached, easier = graph.seconds_from(leave), lawless.seconds_from(other)
            strict += [reached.get(arrive, float("inf")) for _, arrive in a]
            loose += [easier.get(arrive, float("inf")) for _, arrive in b]
    assert all(one >= other - 1e-9 for one, other in zip(strict, loose, strict=True))
    assert sum(one > other + 1 for one, other in zip(strict, loose, strict=True)) > 10


# --- laws ---------------------------------------------------------------------------------------------------------


@st.composite
def junctions(draw: st.DrawFn) -> tuple[list[Arc], frozenset[tuple[int, ...]]]:
    """A few streets between two junctions, so that rules overlap, and sequences of them that are forbidden."""
    arcs = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        a, b = draw(st.integers(0, 1)), draw(st.integers(0, 1))
        arcs.append(Arc(number, number, a, b, 1.0))
        if draw(st.booleans()):
            arcs.append(Arc(-number, number, b, a, 1.0))
    segments = st.sampled_from([arc.segment for arc in arcs])
    return arcs, frozenset(draw(st.sets(st.lists(segments, min_size=2, max_size=4).map(tuple), max_size=6)))


@settings(max_examples=400, deadline=None)
@given(junctions())
def test_the_walks_that_are_left_break_no_rule(
    world: tuple[list[Arc], frozenset[tuple[int, ...]]],
) -> None:
    arcs, rules = world
    places, steps = states_of(arcs, rules)
    plain = len({node for arc in arcs for node in (arc.tail, arc.head)})
    onward: dict[int, list[tuple[int, Arc]]] = defaultdict(list)
    for tail, head, arc in steps:
        assert places[tail] == arc.tail
        assert places[head] == arc.head
        onward[tail].append((head, arc))
    walks = [((), start) for start in range(plain)]
    for _ in range(5):
        walks = [((*walk, arc.segment), head) for walk, at in walks for head, arc in onward[at]]
        expected = {
            tuple(arc.segment for arc in walk)
            for walk in _chains(arcs, len(walks[0][0]) if walks else 0)
            if not any(_breaks(tuple(arc.segment for arc in walk), rule) for rule in rules)
        }
        if walks:
            assert {walk for walk, _ in walks} == expected
        if len(walks) > 3000:
            break


def _chains(arcs: list[Arc], length: int) -> list[tuple[Arc, ...]]:
    chains: list[tuple[Arc, ...]] = [(arc,) for arc in arcs]
    for _ in range(length - 1):
        chains = [(*chain, arc) for chain in chains for arc in arcs if arc.tail == chain[-1].head]
    return chains


def _breaks(walk: tuple[int, ...], rule: tuple[int, ...]) -> bool:
    return any(walk[at : at + len(rule)] == rule for at in range(len(walk) - len(rule) + 1))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=3, max_size=13, unique=True), st.booleans())
def test_an_order_visits_each_once_and_is_no_worse_than_the_nearest_next(
    spots: list[tuple[int, int]], free_end: bool
) -> None:
    seconds = [[abs(a - c) + abs(b - d) + 0.0 for c, d in spots] for a, b in spots]
    order, exact = best_order(seconds, free_end)
    assert sorted(order) == list(range(len(spots)))
    assert order[0] == 0
    assert free_end or order[-1] == len(spots) - 1
    left, greedy = set(range(1, len(spots) if free_end else len(spots) - 1)), [0]
    while left:
        greedy.append(min(left, key=lambda stop: seconds[greedy[-1]][stop]))
        left.remove(greedy[-1])
    assert total(seconds, order) <= total(seconds, [*greedy, *([] if free_end else [len(spots) - 1])]) + 1e-9
    if len(spots) <= 6:
        assert exact
        inner = range(1, len(spots) if free_end else len(spots) - 1)
        tail = () if free_end else (len(spots) - 1,)
        assert total(seconds, order) == min(total(seconds, (0, *way, *tail)) for way in itertools.permutations(inner))


def test_zigzag_is_straightened() -> None:
    """Always to the nearest would go there and back again, further each time."""
    spots = [0.0, 1, -1.1, 2.5, -4, 7, -11, 18, -29, 47, -76]
    seconds = [[abs(a - b) for b in spots] for a in spots]
    order, exact = best_order(seconds, free_end=True)
    assert not exact
    assert total(seconds, order) <= 47 + 47 + 76  # to one end, then to the other


# --- who may go where ---------------------------------------------------------------------------------------------


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


# --- turns by way of other streets --------------------------------------------------------------------------------


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


# --- in the town, where one can count the blocks ------------------------------------------------------------------


async def _route(host: Any, start: str, end: str, profile: str, **more: Any) -> Any:
    return (await host.call("maps_route", {"start": start, "end": end, "profile": profile, **more})).data


def test_the_town(tmp_path: Path) -> None:
    town = tmp_path / "town.osm.pbf"
    write_town(town)

    async def work() -> None:
        async with host_for(MODULE, {"online": False}) as host:
            await host.call("maps_load_extract", {"path": str(town)})
            # High Street, half a block before Market Road; and Market Road, half a block beyond High Street.
            before, beyond = "62.500495, 25.998929", "62.5, 26.0"
            straight = await _route(host, before, beyond, "foot")
            assert [step["text"] for step in straight["steps"]][1] == "Turn right into Market Road"
            driven = await _route(host, before, beyond, "car")
            assert "Turn right into Market Road" not in [step["text"] for step in driven["steps"]][:2]
            assert driven["metres"] > straight["metres"] + BLOCK
            # Garden Road is one way, to the south.
            north, south = "62.5020, 25.9957194", "62.4980, 25.9957194"
            down, up = await _route(host, north, south, "car"), await _route(host, south, north, "car")
            assert [step["text"] for step in down["steps"]] == ["Head south along Garden Road", "You have arrived"]
            assert up["metres"] >= down["metres"] + 2 * BLOCK - 5
            assert (await _route(host, south, north, "foot"))["metres"] == down["metres"]
            # Church Street is for feet.
            west, east = "62.49951, 25.9950", "62.49951, 26.0050"
            assert len((await _route(host, west, east, "foot"))["steps"]) == 2
            assert len((await _route(host, west, east, "car"))["steps"]) > 2
            # By way of somewhere else it is longer.
            far = await _route(host, north, south, "foot", via=["Museum of Keys"])
            assert far["metres"] > down["metres"] + 4 * BLOCK
            assert (down["engine"], down["profile"]) == ("mcp_agent_maps", "car")

    asyncio.run(work())


def test_what_is_reached_grows_with_the_time_and_is_really_reached(tmp_path: Path) -> None:
    town = tmp_path / "town.osm.pbf"
    write_town(town)

    async def work() -> None:
        async with host_for(MODULE, {"online": False}) as host:
            await host.call("maps_load_extract", {"path": str(town)})
            areas = []
            for minutes in (1, 2, 4):
                area = (await host.call("maps_isochrone", {"where": "Town Library", "minutes": minutes})).data
                assert area["furthest_metres"] <= minutes * 5000 / 60 + 1
                areas.append((area["square_km"], area["street_km"]))
                [contents] = (await host.backend.read(f"maps://results/{area['result']}", NoCaller("test"))).contents
                [outer, *_] = json.loads(contents.text or "")["features"][0]["geometry"]["coordinates"]
                for lon, lat in outer[0][:: max(1, len(outer[0]) // 12)]:
                    route = await _route(host, "Town Library", f"{lat}, {lon}", "foot")
                    # The outline lies 30 m beside the streets, and there another one may be nearer.
                    assert route["minutes"] <= minutes + 1
            assert areas == sorted(areas)

    asyncio.run(work())
