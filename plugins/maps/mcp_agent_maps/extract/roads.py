"""Streets, cut into segments where they meet; what stands in the way; and which turns are forbidden."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from typing import TYPE_CHECKING, Any

from mcp_agent_maps.extract.places import add
from mcp_agent_maps.geometry import Point, box_of, centre, length, metres, pack
from mcp_agent_maps.routing.profiles import MODES, Mode, blocked, speeds

if TYPE_CHECKING:
    from mcp_agent_maps.extract.build import Work

_ONE_STREET = 1500.0
"""Ways of one name that are nearer to each other, in metres, are one street."""
_MEET = "insert into met values (?, 1) on conflict do update set times = times + 1"
"""Counted on disk: a set of all nodes of all streets would not fit into memory for a whole country."""
_VEHICLES: Mapping[str, tuple[Mode, ...]] = {
    "restriction": ("car", "bike"),
    "restriction:motor_vehicle": ("car",),
    "restriction:motorcar": ("car",),
    "restriction:bicycle": ("bike",),
    "restriction:foot": ("foot",),
}
_EXCEPTED: Mapping[str, Mode] = {"bicycle": "bike", "motorcar": "car", "motor_vehicle": "car", "foot": "foot"}


def index_streets(work: Work) -> None:
    """Three readings: where ways meet, what stands on them, then the segments between."""
    connection = work.connection
    connection.execute("create temp table met (node integer primary key, times integer not null)")
    for way in work.source.objects("highway"):
        if way.is_way() and _used(way):
            nodes = [node.ref for node in way.nodes]
            connection.executemany(_MEET, [(node,) for node in (*nodes, nodes[0], nodes[-1])])
    for node in work.source.objects("barrier"):
        if node.is_node() and connection.execute("select 1 from met where node = ?", (node.id,)).fetchone():
            tags = {tag.k: tag.v for tag in node.tags}
            stopped = [mode for mode in MODES if blocked(mode, tags)]
            if stopped:
                connection.execute(_MEET, (node.id,))
                connection.execute("insert into barriers values (?, ?)", (node.id, " ".join(stopped)))
    junctions = {node for (node,) in connection.execute("select node from met where times > 1")}
    connection.execute("drop table met")
    named: dict[str, list[tuple[float, int, Point]]] = defaultdict(list)
    for way in work.watched(work.source.located()):
        if not way.is_way() or "highway" not in way.tags or not _used(way):
            continue
        tags = {tag.k: tag.v for tag in way.tags}
        walked = 0.0
        line: list[Point] = []
        for ends, line in _pieces(way, junctions):
            walked += _add_segment(connection, way.id, tags, ends, line)
        if "name" in tags and line:
            named[tags["name"]].append((walked, way.id, centre(line)))
    _add_streets(connection, named)


def _used(way: Any) -> bool:
    """Whether anybody may walk, ride or drive there. An area is crossed along its edge."""
    tags = {tag.k: tag.v for tag in way.tags}
    return len(way.nodes) > 1 and any(max(speeds(mode, tags)) for mode in MODES)


def _pieces(way: Any, junctions: Set[int]) -> Iterator[tuple[tuple[int, int], list[Point]]]:
    """The ends and the line of each part of a way between two junctions; nodes that are not in the extract part it."""
    nodes: list[int] = []
    line: list[Point] = []
    for node in way.nodes:
        if not node.location.valid():
            if len(line) > 1:
                yield (nodes[0], nodes[-1]), line
            nodes, line = [], []
            continue
        nodes.append(node.ref)
        line.append(Point(node.lat, node.lon))
        if len(line) > 1 and node.ref in junctions:
            yield (nodes[0], nodes[-1]), line
            nodes, line = [node.ref], [line[-1]]
    if len(line) > 1:
        yield (nodes[0], nodes[-1]), line


def _add_segment(
    connection: sqlite3.Connection, way: int, tags: Mapping[str, str], ends: tuple[int, int], line: list[Point]
) -> float:
    long = length(line)
    speed = [value for mode in MODES for value in speeds(mode, tags)]
    name = tags.get("name") or tags.get("ref")
    number = connection.execute(
        "insert into segments (way, a, b, metres, kind, name, foot, foot_back, bike, bike_back, car, car_back, points)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (way, *ends, long, tags["highway"], name, *speed, pack(line)),
    ).lastrowid
    connection.execute(
        "insert into segments_box (id, south, west, north, east) values (?, ?, ?, ?, ?)", (number, *box_of(line))
    )
    return long


def _add_streets(connection: sqlite3.Connection, named: Mapping[str, list[tuple[float, int, Point]]]) -> None:
    """A street is a place too: at the middle of its longest way."""
    for name, ways in named.items():
        placed: list[Point] = []
        for _, way, point in sorted(ways, reverse=True):
            if all(metres(point, other) > _ONE_STREET for other in placed):
                placed.append(point)
                add(connection, f"w{way}", {"name": name, "highway": "street"}, point)


def index_turns(work: Work) -> None:
    """Restrictions: at a node, or by way of ways."""
    for found in work.watched(work.source.objects("type", relations_only=True)):
        tags = {tag.k: tag.v for tag in found.tags}
        if tags.get("type") != "restriction":
            continue
        members: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for member in found.members:
            members[member.role].append((member.type, member.ref))
        begins = [ref for kind, ref in members["from"] if kind == "w"]
        finishes = [ref for kind, ref in members["to"] if kind == "w"]
        via = " ".join(f"{kind}{ref}" for kind, ref in members["via"])
        for rule, modes in _rules(tags):
            rows = [(rule, begin, via, finish, modes) for begin in begins for finish in finishes if via]
            work.connection.executemany(
                "insert into turns (only_this, begin, via, finish, profiles) values (?, ?, ?, ?, ?)", rows
            )


def _rules(tags: Mapping[str, str]) -> Iterator[tuple[bool, str]]:
    """(whether only this turn is allowed, whom it binds), for each rule of a restriction."""
    excepted = {_EXCEPTED.get(word.strip()) for word in tags.get("except", "").split(";")}
    for key, modes in _VEHICLES.items():
        bound = [mode for mode in modes if mode not in excepted]
        if key in tags and bound and tags[key].startswith(("no_", "only_")):
            yield tags[key].startswith("only_"), " ".join(bound)
