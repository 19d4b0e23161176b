"""Places around, from Overpass: fetched by us, read by overpy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from mcp_agent import Context, ToolError, UpstreamError
from mcp_agent_maps.geometry import Point, metres, nearest_on
from mcp_agent_maps.online.service import Service, ask_service
from mcp_agent_maps.places.categories import Tag
from mcp_agent_maps.places.place import Place

_SECONDS, _BYTES, _MOST = 25, 64 * 2**20, 500
_HEAD = f"[out:json][timeout:{_SECONDS}][maxsize:{_BYTES}];"
_ANY = '[~"^(amenity|shop|tourism|leisure|historic|railway|healthcare)$"~"."]'
_MOST_POINTS = 60
"""Of a line that is sent; it is thinned to so many."""

_LONGEST_QUERY = 4000
_SETTINGS = re.compile(r"\[\s*(out|timeout|maxsize|date|diff|adiff|bbox)\s*:[^\]]*\]\s*;?", re.I)
_SAID = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)
_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", re.S)
_STATEMENT = re.compile(r"\b(?:node|way|relation|rel|nwr|nw|nr|wr)\b[^;]*")
_NUMBER = r"\s*-?\d+(?:\.\d+)?\s*"
_BOUND = re.compile(
    rf"\((?:{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}|\s*(?:around|poly|area|id)\b[^)]*|\s*\d+[\d\s,]*|\s*(?:w|r|n|bn|bw|br)\b[^)]*)\)"
    r"|^(?:node|way|relation|rel|nwr|nw|nr|wr)\s*\.\w+"
)
"""A box, a circle, an area, numbers of objects, or what belongs to what was found before."""
_LAST_OUT = re.compile(r"\bout\b[^;]*;\s*$")


def service(ctx: Context) -> Service:
    return Service("Overpass", ctx.config.overpass, alone=True)


async def within(ctx: Context, line: Sequence[Point], radius: float, wanted: Sequence[Tag]) -> list[Place]:
    """Places near a point or line, the nearest first."""
    step = max(1, -(-len(line) // _MOST_POINTS))
    points = ",".join(f"{point.lat:.6f},{point.lon:.6f}" for point in [*line[:-1:step], line[-1]])
    around = f"(around:{radius:.0f},{points})"
    filters = [f'["{key}"]' if value == "*" else f'["{key}"="{_quoted(value)}"]' for key, value in wanted] or [_ANY]
    parts = "".join(f"nwr{one}{around};" for one in filters)
    found = await run(ctx, f"{_HEAD}({parts});out center tags {_MOST};")
    away = {place.osm: _away(line, place.point) for place in found}
    near = [Place(place.osm, place.name, place.point, place.tags, place.address, away[place.osm]) for place in found]
    return sorted(near, key=lambda place: place.away)


async def run(ctx: Context, query: str) -> list[Place]:
    """What a query finds. Raises UpstreamError, and ToolError for what Overpass does not understand."""
    body = urlencode({"data": query}).encode()
    return await ask_service(ctx, service(ctx), "", lambda raw: _read(ctx, raw), body=body)


def checked(query: str, limit: int) -> str:
    """The query with our settings and limits in it. Raises ToolError for one that is too wide or cannot be read."""
    text = _SETTINGS.sub("", _SAID.sub(" ", query)).strip()
    if not text or len(text) > _LONGEST_QUERY:
        raise ToolError(f"A query has 1 to {_LONGEST_QUERY} characters.", hint="Ask for less at a time.")
    bare = _STRING.sub('""', text)
    for opening, closing in ("()", "[]", "{}"):
        if bare.count(opening) != bare.count(closing):
            raise ToolError(f"The query has {bare.count(opening)} '{opening}' and {bare.count(closing)} '{closing}'.")
    statements = _STATEMENT.findall(bare)
    wide = next((one for one in statements if not _BOUND.search(one)), None)
    if wide is not None or not statements:
        raise ToolError(
            f"{wide.strip()[:60]!r} asks the whole world." if wide else "The query asks for no node, way or relation.",
            hint="Bound each statement: nwr[amenity=cafe](around:500,60.17,24.94); or a box (south,west,north,east).",
        )
    text = text if text.endswith((";", "}")) else f"{text};"
    return _HEAD + _LAST_OUT.sub("", text) + f"out center tags {limit};"


def _read(ctx: Context, raw: bytes) -> list[Place]:
    import overpy  # type: ignore[import-untyped]
    from overpy.exception import OverPyException  # type: ignore[import-untyped]

    try:
        result = overpy.Overpass().parse_json(raw)
    except (OverPyException, ValueError, TypeError, ArithmeticError) as error:
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise UpstreamError(
            f"{service(ctx).source} did not give a whole answer: {said}.", host=service(ctx).host
        ) from None
    nodes = [_place("n", one.id, one.lat, one.lon, one.tags) for one in result.nodes]
    ways = [_place("w", one.id, one.center_lat, one.center_lon, one.tags) for one in result.ways]
    relations = [_place("r", one.id, one.center_lat, one.center_lon, one.tags) for one in result.relations]
    return [place for place in (*nodes, *ways, *relations) if place is not None]


def _place(kind: str, number: int, lat: Any, lon: Any, tags: dict[str, str]) -> Place | None:
    if lat is None or lon is None:
        return None
    from mcp_agent_maps.extract.places import address_of

    return Place(f"{kind}{number}", tags.get("name") or tags.get("brand"), Point(float(lat), float(lon)), tags,
                 address_of(tags))  # fmt: skip


def _away(line: Sequence[Point], point: Point) -> float:
    return metres(line[0], point) if len(line) == 1 else nearest_on(line, point).away


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
