"""What a person says for a place, as a point: coordinates, the id of a place, an address or a name."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Annotated, NamedTuple

from mcp_agent import Context, Field, ToolError

if TYPE_CHECKING:
    from mcp_agent_maps.geometry import Point

Where = Annotated[
    str,
    Field("'latitude, longitude' in degrees, an address, a name, or the id of a place such as n123.",
          min_length=1, max_length=300),
]  # fmt: skip

_DEGREES = r"([+-]?\d+(?:\.\d+)?)\s*°?"
_PAIR = re.compile(rf"\s*\(?\s*{_DEGREES}\s*[,;]\s*{_DEGREES}\s*\)?\s*")
_ID = re.compile(r"\s*([nwr]\d{1,19})\s*")


class Spotted(NamedTuple):
    """A point, and what to call it."""

    point: Point
    label: str


def parse_point(text: str) -> Point | None:
    """Coordinates, None for text that is something else. Raises ToolError for coordinates that cannot be."""
    from mcp_agent_maps.geometry import Point

    found = _PAIR.fullmatch(text)
    if not found:
        return None
    lat, lon = float(found[1]), float(found[2])
    if abs(lat) <= 90 and abs(lon) <= 180:
        return Point(lat, lon)
    swapped = abs(lon) <= 90 and abs(lat) <= 180
    hint = f"Did you mean '{lon:g}, {lat:g}'? Latitude comes first." if swapped else "Latitude comes first."
    raise ToolError(f"{lat:g}, {lon:g} is nowhere: latitude is from -90 to 90, longitude from -180 to 180.", hint=hint)


async def resolve(ctx: Context, text: str, near: Point | None = None) -> Spotted:
    """The most likely place that is meant. Raises ToolError."""
    point = parse_point(text)
    if point is not None:
        return Spotted(point, f"{point.lat:.5f}, {point.lon:.5f}")
    from mcp_agent_maps.atlas.ask import ask

    number = _ID.fullmatch(text)
    if number:
        return await _by_id(ctx, number[1])
    places, _ = await ask(ctx, [], lambda atlas: atlas.names(text, near, 1))
    place = places[0]
    return Spotted(place.point, place.label)


async def _by_id(ctx: Context, osm: str) -> Spotted:
    from mcp_agent_maps.places.local import by_id

    for extract in await ctx.in_thread(ctx.state.shelf.extracts):
        place = await ctx.in_thread(partial(by_id, extract, osm))
        if place is not None:
            return Spotted(place.point, place.label)
    raise ToolError(f"No extract has a place {osm}.", hint="Give its coordinates: they are in the answer it came from.")
