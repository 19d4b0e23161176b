"""Places by their name or address, in the index of words."""

from __future__ import annotations

import json
import unicodedata

from mcp_agent import ToolError
from mcp_agent_maps.extract.reader import Extract
from mcp_agent_maps.geometry import Point, metres
from mcp_agent_maps.places.place import Place

_LOOKED_AT = 200
_MOST_WORDS = 16
_SHORTEST_PREFIX = 3
_SAME = 150.0
"""Two of one name and kind that are nearer, in metres, are one: a shop drawn as a point and as a house."""
_NEAR = 3000.0
"""At this distance, in metres, being near counts half."""
_FIND = (
    "select places.osm, places.name, places.lat, places.lon, places.tags, places.address, places.importance,"
    " bm25(names, 10.0, 5.0, 6.0, 2.0) from names join places on places.id = names.rowid"
    f" where names match ? order by 8 - 4 * places.importance limit {_LOOKED_AT}"
)


def search(extract: Extract, query: str, near: Point | None, limit: int, loose: bool) -> list[Place]:
    """With all of the words, or when ``loose`` with any; the best first. Raises ToolError for no word at all."""
    rows = extract.rows(_FIND, (_expression(query, loose),))
    ranked = sorted(rows, key=lambda row: _rank(row, query, near))
    places = [
        Place(osm, name, Point(lat, lon), json.loads(tags), address, _away(lat, lon, near))
        for osm, name, lat, lon, tags, address, _, _ in ranked
    ]
    return _distinct(places)[:limit]


def _expression(query: str, loose: bool) -> str:
    words = list(dict.fromkeys("".join(map(_letter_or_space, query)).split()))[:_MOST_WORDS]
    if not words:
        raise ToolError("There is no word to look for.", hint="Ask for a name or an address, or give 'lat, lon'.")
    terms = [f'"{word}"*' if len(word) >= _SHORTEST_PREFIX and word.isalpha() else f'"{word}"' for word in words]
    return (" OR " if loose else " AND ").join(terms)


def _letter_or_space(character: str) -> str:
    return character if character.isalnum() or unicodedata.category(character) == "Mn" else " "


def _rank(
    row: tuple[str, str | None, float, float, str, str | None, float, float], query: str, near: Point | None
) -> float:
    """The less the better: how well the words fit, how much it matters, how near it is."""
    _, name, lat, lon, _, address, importance, fit = row
    asked = query.casefold().strip()
    exact = asked in ((name or "").casefold(), (address or "").partition(",")[0].casefold())
    closeness = 0.0 if near is None else 6.0 / (1 + _away(lat, lon, near) / _NEAR)
    return fit - 4 * importance - closeness - (10 if exact else 0)


def _away(lat: float, lon: float, near: Point | None) -> float:
    return 0.0 if near is None else metres(near, Point(lat, lon))


def _distinct(places: list[Place]) -> list[Place]:
    kept: list[Place] = []
    for place in places:
        if not any(
            place.label == other.label and place.kind == other.kind and metres(place.point, other.point) < _SAME
            for other in kept
        ):
            kept.append(place)
    return kept
