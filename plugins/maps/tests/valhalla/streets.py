"""What cars may do in the city by the raw data, read without the plugin's graph."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import osmium
from mcp_agent_maps.geometry import Point
from mcp_agent_maps.routing.profiles import speeds


class Streets(NamedTuple):
    """What cars may do: pieces of way from node to node in the directions that are allowed, and turns that are not."""

    spots: dict[int, Point]
    allowed: dict[tuple[int, int], int]
    one_way: list[tuple[int, int]]
    forbidden: set[tuple[int, int, int]]
    """(way, node, way)."""


def read_streets(extract: Path) -> Streets:
    found = Streets({}, {}, [], set())
    for one in osmium.FileProcessor(extract).with_locations():
        tags = {tag.k: tag.v for tag in one.tags}
        if one.is_way() and "highway" in tags:  # type: ignore[union-attr]
            _read_way(found, one, tags)
        elif tags.get("restriction", "").startswith("no_") and not tags.keys() & _NOT_ALWAYS:
            _read_restriction(found, one)
    return found


_NOT_ALWAYS = {"except", "day_on", "hour_on"}
"""Valhalla is not told when one travels, and then takes rules of some hours for no rules."""


def _read_restriction(found: Streets, relation: Any) -> None:
    members = {one.role: one.ref for one in relation.members if (one.type == "n") == (one.role == "via")}
    if {"from", "via", "to"} <= members.keys():
        found.forbidden.add((members["from"], members["via"], members["to"]))


def _read_way(found: Streets, way: Any, tags: dict[str, str]) -> None:
    forward, backward = speeds("car", tags)
    for a, b in itertools.pairwise(way.nodes):
        if not a.location.valid() or not b.location.valid():
            continue
        found.spots.update({node.ref: Point(node.lat, node.lon) for node in (a, b)})
        if forward:
            found.allowed[a.ref, b.ref] = way.id
        if backward:
            found.allowed[b.ref, a.ref] = way.id
        if forward and not backward:
            found.one_way.append((a.ref, b.ref))


def travelled(streets: Streets, line: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The pieces of way on a route, where both ends are nodes."""
    known = {(round(spot.lon, 6), round(spot.lat, 6)): node for node, spot in streets.spots.items()}
    nodes = [known.get((round(lon, 6), round(lat, 6))) for lon, lat in line]
    return [(a, b) for a, b in itertools.pairwise(nodes) if a is not None and b is not None and a != b]


def middle(streets: Streets, a: int, b: int) -> str:
    one, other = streets.spots[a], streets.spots[b]
    return f"{(one.lat + other.lat) / 2:.6f}, {(one.lon + other.lon) / 2:.6f}"


def spots(streets: Streets, count: int) -> list[str]:
    """The middles of pieces of street somewhere in the city."""
    chance = random.Random(3)
    return [middle(streets, *piece) for piece in chance.sample(sorted(streets.allowed), count)]
