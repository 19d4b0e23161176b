"""Routes, against a shortest path worked out independently on the raw data."""

from __future__ import annotations

import itertools
import random
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx
import osmium
import pytest
from mcp_agent_maps.extract.build import build
from mcp_agent_maps.extract.reader import Extract
from mcp_agent_maps.geometry import Point, metres
from mcp_agent_maps.routing.graph import Graph, Stop
from mcp_agent_maps.routing.path import legs
from mcp_agent_maps.routing.profiles import MODES, Mode, blocked, speeds
from mcp_agent_maps.routing.snap import snap

from mcp_agent import ToolError
from tests.real.osm import helsinki


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Extract:
    made = tmp_path_factory.mktemp("city") / "helsinki.sqlite3"
    build(helsinki(), made, lambda done, total, what: None, threading.Event())
    return Extract("helsinki", made)


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
