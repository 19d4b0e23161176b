"""Names and addresses from Nominatim."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from mcp_agent import Context, UpstreamError
from mcp_agent_maps.atlas.protocol import NotHere, Spot
from mcp_agent_maps.geometry import Point, metres
from mcp_agent_maps.online.service import Service, ask_json
from mcp_agent_maps.places.place import Place

_NEAR_DEGREES = 0.3
_SECONDS_APART = 1.0
_KINDS = {"node": "n", "way": "w", "relation": "r"}


def service(ctx: Context) -> Service:
    return Service("Nominatim", ctx.config.nominatim, apart=_SECONDS_APART)


async def names(ctx: Context, query: str, near: Point | None, limit: int) -> list[Place]:
    """Raises NotHere where it knows nothing of that name."""
    asked = {"q": query, "format": "jsonv2", "limit": str(limit), "addressdetails": "1", "extratags": "1"}
    if near is not None:
        wide = _NEAR_DEGREES / max(0.05, math.cos(math.radians(near.lat)))
        sides = (near.lon - wide, near.lat + _NEAR_DEGREES, near.lon + wide, near.lat - _NEAR_DEGREES)
        asked["viewbox"] = ",".join(f"{side:.4f}" for side in sides)
    found = await ask_json(ctx, service(ctx), "/search", query=asked)
    if not isinstance(found, list):
        raise _strange(ctx)
    if not found:
        raise NotHere(f"Nominatim knows nothing called {query!r}.")
    return [_place(ctx, row, near) for row in found]


async def spot(ctx: Context, point: Point) -> Spot:
    """Raises NotHere where there is nothing, such as at sea."""
    asked = {
        "lat": f"{point.lat:.7f}",
        "lon": f"{point.lon:.7f}",
        "format": "jsonv2",
        "zoom": "18",
        "addressdetails": "1",
    }
    found = await ask_json(ctx, service(ctx), "/reverse", query=asked)
    if not isinstance(found, dict):
        raise _strange(ctx)
    if "error" in found:
        raise NotHere(f"Nominatim knows nothing at {point.lat:.5f}, {point.lon:.5f}.")
    parts = found.get("address", {})
    around = [parts[key] for key in ("neighbourhood", "suburb", "city", "town", "country") if key in parts]
    place = _place(ctx, found, point)
    return Spot(found.get("display_name"), parts.get("road"), around, [place] if place.name else [])


def _place(ctx: Context, row: Mapping[str, Any], near: Point | None) -> Place:
    try:
        point = Point(float(row["lat"]), float(row["lon"]))
        osm = f"{_KINDS.get(row.get('osm_type', ''), '?')}{row.get('osm_id', 0)}"
        kind = str(row.get("type", "place")).replace("_", " ")
        tags = {str(key): str(value) for key, value in (row.get("extratags") or {}).items()}
        away = metres(near, point) if near is not None else 0.0
        return Place(osm, row.get("name") or None, point, tags, row.get("display_name"), away, kind)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _strange(ctx) from None


def _strange(ctx: Context) -> UpstreamError:
    return UpstreamError(f"{service(ctx).source} answered in a form that it does not document.", host=service(ctx).host)
