"""The streets of an extract as a graph for one mode, with forbidden turns built into its shape.

A vertex is a junction *as it was come to*: where a turn is forbidden, a junction has a vertex of its own for whoever
comes from that street, and the forbidden street does not begin there. So a plain shortest path keeps to every rule.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from mcp_agent_maps.extract.reader import Extract
from mcp_agent_maps.geometry import Point, metres
from mcp_agent_maps.routing.arcs import read_arcs
from mcp_agent_maps.routing.profiles import PROFILES, Mode
from mcp_agent_maps.routing.turns import read_rules, states_of

if TYPE_CHECKING:
    import rustworkx as rx

BUILT_IN = "mcp_agent_maps"
"""What answers that are worked out here give as their engine."""
_SLACK = 0.999
"""The straight way counts a little less than it is, so that an estimate is never too long."""


class Crossing(NamedTuple):
    """One way to travel a segment, from vertex to vertex. ``segment`` is negative against its line."""

    tail: int
    head: int
    segment: int
    seconds: float

    @property
    def begin(self) -> float:
        """The share of the segment's length at which it is entered, and at which it is left."""
        return 0.0 if self.segment > 0 else 1.0

    @property
    def end(self) -> float:
        return 1.0 - self.begin


class Piece(NamedTuple):
    """A part of a segment that is travelled, from one share of its length to another."""

    segment: int
    begin: float
    end: float

    @property
    def share(self) -> float:
        return abs(self.end - self.begin)

    @property
    def is_ahead(self) -> bool:
        return self.end >= self.begin if self.segment > 0 else self.end <= self.begin


class Stop(NamedTuple):
    """A point of a segment: ``share`` of its length from its beginning; ``away`` metres from what was asked for."""

    point: Point
    segment: int
    share: float
    away: float


class Graph:
    """Does not change, but for the stops that ``visiting`` adds for a while, under a lock."""

    def __init__(self, extract: Extract, mode: Mode) -> None:
        import rustworkx as rx

        self.extract, self.mode = extract, mode
        self._fastest = PROFILES[mode].fastest / 3.6 / _SLACK
        self._lock = threading.Lock()
        arcs, spots = read_arcs(extract, mode)
        junctions, steps = states_of(arcs, read_rules(extract, mode, arcs))
        self._graph: rx.PyDiGraph[Point, float] = rx.PyDiGraph(multigraph=True)
        self._graph.add_nodes_from([spots[junction] for junction in junctions])
        steps.sort(key=lambda step: abs(step[2].segment))
        self._graph.add_edges_from([(tail, head, arc.seconds) for tail, head, arc in steps])
        # By the number of the edge; and in the order of segments, so that those of one are together.
        self._tails = array("l", [tail for tail, _, _ in steps])
        self._heads = array("l", [head for _, head, _ in steps])
        self._segments = array("q", [arc.segment for _, _, arc in steps])
        self._main = bytearray(len(junctions))
        for vertex in max(rx.strongly_connected_components(self._graph), key=len, default=[]):
            self._main[vertex] = 1

    def _crossings(self, segment: int) -> Iterator[Crossing]:
        """Every way to travel a segment."""
        edge = bisect_left(self._segments, segment, key=abs)
        while edge < len(self._segments) and abs(self._segments[edge]) == segment:
            seconds = self._graph.get_edge_data_by_index(edge)
            yield Crossing(self._tails[edge], self._heads[edge], self._segments[edge], seconds)
            edge += 1

    def is_open(self, segment: int) -> bool:
        """Whether this mode may use it at all."""
        return any(self._crossings(segment))

    def is_main(self, segment: int) -> bool:
        """Whether it hangs together with most of the streets: one can come from there, and get there."""
        return any(self._main[one.tail] and self._main[one.head] for one in self._crossings(segment))

    @contextmanager
    def visiting(self, stops: Sequence[Stop]) -> Iterator[list[tuple[int, int]]]:
        """Each stop as a vertex to leave from and one to arrive at, for as long as this lasts."""
        with self._lock:
            added: list[tuple[int, int]] = []
            try:
                for stop in stops:
                    # A point of its own each: it is by being the same object that an arrival is known.
                    pair = self._graph.add_node(Point(*stop.point)), self._graph.add_node(Point(*stop.point))
                    added.append(pair)
                    self._join(stop, *pair)
                for one, (leave, _) in zip(stops, added, strict=True):
                    for other, (_, arrive) in zip(stops, added, strict=True):
                        self._join_on_one_segment(one, leave, other, arrive)
                yield added
            finally:
                self._graph.remove_nodes_from([vertex for pair in added for vertex in pair])

    def _join(self, stop: Stop, leave: int, arrive: int) -> None:
        for one in self._crossings(stop.segment):
            share = stop.share if one.segment > 0 else 1 - stop.share
            self._graph.add_edge(leave, one.head, one.seconds * (1 - share))
            self._graph.add_edge(one.tail, arrive, one.seconds * share)

    def _join_on_one_segment(self, begin: Stop, leave: int, end: Stop, arrive: int) -> None:
        if begin.segment != end.segment:
            return
        for one in self._crossings(begin.segment):
            ahead = end.share - begin.share if one.segment > 0 else begin.share - end.share
            if ahead >= 0:
                self._graph.add_edge(leave, arrive, one.seconds * ahead)

    def quickest(self, begin: Stop, leave: int, end: Stop, arrive: int) -> list[Piece] | None:
        """What is travelled on the quickest way, None where there is none. Inside ``visiting``."""
        import rustworkx as rx

        goal, fastest = self._graph[arrive], self._fastest

        def seconds_left(point: Point) -> float:
            return metres(point, goal) / fastest

        try:
            found = rx.astar_shortest_path(self._graph, leave, lambda point: point is goal, _same, seconds_left)
        except rx.NoPathFound:
            return None
        return self._pieces(begin, end, list(found))

    def _pieces(self, begin: Stop, end: Stop, vertices: Sequence[int]) -> list[Piece]:
        if len(vertices) == 2:
            ways = [Piece(one.segment, begin.share, end.share) for one in self._crossings(begin.segment)]
            return [next(way for way in ways if way.is_ahead)]
        leaving = [
            (one.seconds, Piece(one.segment, begin.share, one.end))
            for one in self._crossings(begin.segment)
            if one.head == vertices[1]
        ]
        arriving = [
            (one.seconds, Piece(one.segment, one.begin, end.share))
            for one in self._crossings(end.segment)
            if one.tail == vertices[-2]
        ]
        first, last = (min(pieces, key=lambda piece: piece[0] * piece[1].share)[1] for pieces in (leaving, arriving))
        return [first, *map(self._whole, vertices[1:-2], vertices[2:-1]), last]

    def _whole(self, tail: int, head: int) -> Piece:
        """The quickest of the edges between two junctions."""
        edges = self._graph.edge_indices_from_endpoints(tail, head)
        segment = self._segments[min(edges, key=self._graph.get_edge_data_by_index)]
        return Piece(segment, 0.0, 1.0) if segment > 0 else Piece(segment, 1.0, 0.0)

    def seconds_from(self, leave: int) -> Mapping[int, float]:
        """To every vertex that can be reached. Inside ``visiting``."""
        import rustworkx as rx

        return dict(rx.digraph_dijkstra_shortest_path_lengths(self._graph, leave, _same).items())

    def reached(self, seconds: Mapping[int, float], limit: float) -> Iterator[tuple[int, float, float]]:
        """(segment, share from, share to) of everything that can be reached in ``limit`` seconds."""
        for edge, segment in enumerate(self._segments):
            left = limit - seconds.get(self._tails[edge], limit)
            if left > 0:
                needed = self._graph.get_edge_data_by_index(edge)
                share = min(1.0, left / needed) if needed else 1.0
                yield (segment, 0.0, share) if segment > 0 else (-segment, 1 - share, 1.0)

    def around(self, stop: Stop, limit: float) -> Iterator[tuple[int, float, float]]:
        """The same of the segment on which one begins."""
        for one in self._crossings(stop.segment):
            share = limit / one.seconds if one.seconds else 1.0
            ahead = one.segment > 0
            yield (
                stop.segment,
                stop.share if ahead else max(0.0, stop.share - share),
                min(1.0, stop.share + share) if ahead else stop.share,
            )


def _same(seconds: float) -> float:
    """A function of Python's: between its calls other threads get their turn."""
    return seconds
