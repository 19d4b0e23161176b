"""A map to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from mcp_agent import Context, Field, Image, Text, ToolError, ToolResult, tool
from mcp_agent_maps import results
from mcp_agent_maps.examples import EXAMPLES
from mcp_agent_maps.where import Where, resolve

if TYPE_CHECKING:
    from mcp_agent_maps.geometry import Point

_MARGIN = 1.25
_LEAST_METRES = 250.0


@tool(effect="read", origin="OpenStreetMap", examples=EXAMPLES["maps_render"])
async def maps_render(
    ctx: Context,
    where: Annotated[str | None, Field("The middle. Left out: wherever 'result' and 'marks' are.")] = None,
    across: Annotated[int | None, Field("Metres from left to right. Left out: so that all is on it.", ge=50)] = None,
    result: Annotated[str | None, Field("The name of an earlier answer to draw, such as r3: a route, an area.")] = None,
    marks: Annotated[list[Where], Field("Places to mark.", max_length=30)] = [],  # noqa: B006
    width: Annotated[int, Field("Pixels.", ge=64, le=1600)] = 900,
    height: Annotated[int, Field("Pixels.", ge=64, le=1600)] = 650,
) -> ToolResult:
    """Draw a map as a PNG from the extract, with marks, or with the route or area of an earlier answer on it."""
    from mcp_agent_maps.atlas.ask import local_only

    features = [*_earlier(ctx, result)]
    for mark in marks:
        spotted = await resolve(ctx, mark)
        features.append(results.point(spotted.point, name=spotted.label))
    points = _points(features)
    middle = (await resolve(ctx, where)).point if where else None
    if middle is None and not points:
        raise ToolError(
            "There is nothing to draw.", hint="Say where, or give the result of an earlier answer, or marks."
        )
    middle, wide = _view(points, middle, across, width / height)
    atlas = await local_only(ctx, [middle])

    def draw() -> bytes:
        from mcp_agent_maps.render.picture import draw_map

        return draw_map(atlas.extract, middle, wide, (width, height), features)

    picture = await ctx.in_thread(draw)
    told = f"{wide:.0f} m across, around {middle.lat:.5f}, {middle.lon:.5f}. Source: {atlas.source}."
    return ToolResult(content=(Image(data=picture, mime_type="image/png"), Text(text=told)))


def _earlier(ctx: Context, name: str | None) -> list[results.Feature]:
    if name is None:
        return []
    features = ctx.state.results.get(name)
    if features is None:
        raise ToolError(f"There is no answer {name!r} (any more).", hint="Ask again; the answer says its name.")
    found: list[results.Feature] = features
    return found


def _points(features: list[results.Feature]) -> list[Point]:
    from mcp_agent_maps.geometry import Point

    def flat(coordinates: object) -> list[Point]:
        if isinstance(coordinates, tuple):
            return [Point(coordinates[1], coordinates[0])]
        assert isinstance(coordinates, list)
        return [point for part in coordinates for point in flat(part)]

    return [point for feature in features for point in flat(feature["geometry"]["coordinates"])]


def _view(points: list[Point], middle: Point | None, across: int | None, shape: float) -> tuple[Point, float]:
    """The middle of the picture, and how many metres it is wide."""
    from mcp_agent_maps.geometry import Point, box_of, metres

    if middle is None:
        box = box_of(points)
        middle = Point((box.south + box.north) / 2, (box.west + box.east) / 2)
    if across is not None or not points:
        return middle, float(across or 1000)
    beside = max(metres(middle, Point(middle.lat, point.lon)) for point in points)
    above = max(metres(middle, Point(point.lat, middle.lon)) for point in points)
    return middle, max(_LEAST_METRES, 2 * _MARGIN * max(beside, above * shape))
