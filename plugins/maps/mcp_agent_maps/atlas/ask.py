"""Which atlas is asked, in which order, and what is told when the first has no answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, TypeVar

from mcp_agent import Context, ToolError, UpstreamError
from mcp_agent_maps.atlas.local import LocalAtlas
from mcp_agent_maps.atlas.protocol import Atlas, NotHere
from mcp_agent_maps.extract.reader import Extract
from mcp_agent_maps.geometry import Point

T = TypeVar("T")


_LOAD = "Load an .osm.pbf file of the area with maps_load_extract (download.geofabrik.de has them)."


class NobodyKnows(ToolError):
    """Everybody was asked, and at least one of them could have known."""


class Told(NamedTuple):
    """Whose answer it is; ``note`` says who was asked before and failed, or could not be asked."""

    source: str
    note: str | None


async def ask(ctx: Context, points: Sequence[Point], question: Callable[[Atlas], Awaitable[T]]) -> tuple[T, Told]:
    """The first answer there is. ``points`` are what it has to cover; none for a question about names.

    Raises ToolError saying what to do where nobody can be asked, and what each said where nobody has an answer.
    """
    failures: list[ToolError] = []
    for atlas in await _atlases(ctx, points):
        try:
            answer = await question(atlas)
        except (NotHere, UpstreamError) as error:
            failures.append(error)
        else:
            broken = [str(error) for error in failures if isinstance(error, UpstreamError)]
            return answer, Told(atlas.source, " ".join([*broken, *filter(None, [atlas.note])]) or None)
    if not failures:
        raise await nobody(ctx, points)
    said = " ".join(dict.fromkeys(map(str, failures)))
    if all(isinstance(error, UpstreamError) for error in failures):
        raise UpstreamError(said)
    raise NobodyKnows(said)


async def _atlases(ctx: Context, points: Sequence[Point]) -> list[Atlas]:
    local: list[Atlas] = [LocalAtlas(ctx, extract) for extract in await covering(ctx, points)]
    if not ctx.config.online:
        return local
    from mcp_agent_maps.atlas.online import OnlineAtlas

    online: list[Atlas] = [OnlineAtlas(ctx)]
    return local + online if ctx.config.prefer == "local" else online + local


async def covering(ctx: Context, points: Sequence[Point]) -> list[Extract]:
    """The extracts with all these points in them, the smallest first: it is likely to know most."""
    extracts: list[Extract] = await ctx.in_thread(ctx.state.shelf.extracts)
    return sorted((one for one in extracts if one.covers(*points)), key=lambda one: one.segments + one.places)


async def local_only(ctx: Context, points: Sequence[Point]) -> LocalAtlas:
    """For what no service does for us. Raises ToolError."""
    extracts = await covering(ctx, points)
    if not extracts:
        raise await nobody(ctx, points)
    return LocalAtlas(ctx, extracts[0])


async def nobody(ctx: Context, points: Sequence[Point]) -> ToolError:
    """Why there is nobody to ask, and what to do about it."""
    extracts: list[Extract] = await ctx.in_thread(ctx.state.shelf.extracts)
    if not extracts:
        why = "No extract is loaded, and the online services are switched off or cannot do this."
        return ToolError(why, hint=_LOAD)
    for extract in extracts:
        for point in points:
            if not extract.covers(point) and extract.covers(Point(point.lon, point.lat)):
                return ToolError(
                    f"{point.lat:g}, {point.lon:g} is outside '{extract.name}', {point.lon:g}, {point.lat:g} is in it.",
                    hint="Latitude comes first, then longitude: they look swapped.",
                )
    names = ", ".join(f"'{extract.name}'" for extract in extracts)
    return ToolError(f"No extract covers all of that; there is {names}.", hint=_LOAD)
