"""Everything that somebody may look for: nodes, ways and relations with what they are, and one point for each."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mcp_agent_maps.geometry import Point, centre
from mcp_agent_maps.places.kinds import READ_KEYS, importance, kinds_of

if TYPE_CHECKING:
    from mcp_agent_maps.extract.build import Work

_LEFT_OUT = ("source", "note", "fixme", "FIXME", "created_by", "attribution")
_LONGEST = 500
"""Longer values are stories: no question is answered with them."""


def index(work: Work) -> None:
    """Two readings: of relations alone, to know whose members are wanted; then of everything, with locations."""
    relations: list[tuple[int, dict[str, str], list[str]]] = []
    for found in work.source.objects(*READ_KEYS, relations_only=True):
        tags = plain(found.tags)
        if kinds_of(tags):
            relations.append((found.id, tags, [f"{member.type}{member.ref}" for member in found.members]))
    wanted = {member for _, _, members in relations for member in members}
    points: dict[str, Point] = {}
    for found in work.watched(work.source.located()):
        kind = found.type_str()
        if kind == "r":
            continue
        osm = f"{kind}{found.id}"
        tags = plain(found.tags) if found.tags else {}
        if osm not in wanted and not kinds_of(tags):
            continue
        point = Point(found.lat, found.lon) if kind == "n" else _centre(found)
        if point is None:
            continue
        if osm in wanted:
            points[osm] = point
        if kinds_of(tags):
            add(work.connection, osm, tags, point)
    for number, tags, members in relations:
        parts = [points[member] for member in members if member in points]
        if parts:
            middle = Point(sum(part.lat for part in parts) / len(parts), sum(part.lon for part in parts) / len(parts))
            add(work.connection, f"r{number}", tags, middle)


def add(connection: sqlite3.Connection, osm: str, tags: Mapping[str, str], point: Point) -> None:
    """One place, with every kind that it is."""
    name = tags.get("name") or tags.get("brand") or tags.get("addr:housename")
    kinds = kinds_of(tags)
    row = (osm, name, *point, importance(tags, kinds), address_of(tags), json.dumps(tags, ensure_ascii=False))
    number = connection.execute(
        "insert into places (osm, name, lat, lon, importance, address, tags) values (?, ?, ?, ?, ?, ?, ?)", row
    ).lastrowid
    connection.executemany("insert or ignore into kinds values (?, ?, ?)", [(*kind, number) for kind in kinds])
    lat, lon = point
    connection.execute(
        "insert into places_box (id, south, west, north, east) values (?, ?, ?, ?, ?)", (number, lat, lon, lat, lon)
    )


def address_of(tags: Mapping[str, str]) -> str | None:
    """``Mannerheimintie 5, 00100 Helsinki``, as far as it is known."""
    street = tags.get("addr:street") or tags.get("addr:place")
    number = tags.get("addr:housenumber")
    if not street or not number:
        return None
    town = " ".join(part for part in (tags.get("addr:postcode"), tags.get("addr:city")) if part)
    return f"{street} {number}, {town}" if town else f"{street} {number}"


def plain(tags: Iterable[Any]) -> dict[str, str]:
    """osmium's tags, without what is for mappers only."""
    return {tag.k: tag.v for tag in tags if tag.k not in _LEFT_OUT and len(tag.v) <= _LONGEST}


def _centre(way: Any) -> Point | None:
    line = line_of(way)
    return centre(line) if line else None


def line_of(way: Any) -> list[Point]:
    """The nodes of a way that are in the extract."""
    return [Point(node.lat, node.lon) for node in way.nodes if node.location.valid()]
