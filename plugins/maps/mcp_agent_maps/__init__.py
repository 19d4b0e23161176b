"""Places, routes and pictures of the world: from OpenStreetMap data on this machine, or from services on the web."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import Struct

from mcp_agent import Context, PluginInfo, Scene, Setup, ToolError, hookimpl, resource
from mcp_agent_maps import results
from mcp_agent_maps.settings import Settings
from mcp_agent_maps.state import open_maps
from mcp_agent_maps.tools.area import maps_explore, maps_isochrone
from mcp_agent_maps.tools.find import maps_geocode, maps_nearby, maps_reverse
from mcp_agent_maps.tools.load import maps_load_extract
from mcp_agent_maps.tools.many import maps_matrix, maps_meeting_point, maps_optimize_stops
from mcp_agent_maps.tools.picture import maps_render
from mcp_agent_maps.tools.query import maps_overpass
from mcp_agent_maps.tools.route import maps_along_route, maps_route


class Known(Struct, frozen=True):
    """An extract; ``box`` is south, west, north, east in degrees."""

    name: str
    data_date: str
    box: tuple[float, float, float, float]
    places: int
    segments: int


@resource("maps://extracts", title="Extracts on this machine", mime_type="application/json")
async def maps_extracts(ctx: Context) -> list[Known]:
    """Which extracts there are, and what they cover."""
    found = await ctx.in_thread(ctx.state.shelf.extracts)
    return [Known(one.name, one.data_date, tuple(one.box), one.places, one.segments) for one in found]


@resource(results.URI, title="An answer as GeoJSON", mime_type="application/geo+json", origin="OpenStreetMap")
async def maps_result(ctx: Context, id: str) -> Mapping[str, Any] | None:
    """The latest answers, for a map program."""
    features = ctx.state.results.get(id)
    return None if features is None else results.collection(features)


@resource("maps://places/{id}", title="A place with all its tags", mime_type="application/json", origin="OpenStreetMap")
async def maps_place(ctx: Context, id: str) -> Mapping[str, Any] | None:
    """Everything that an extract knows of a place, by its id such as n123."""
    from mcp_agent_maps.places.local import by_id

    for extract in await ctx.in_thread(ctx.state.shelf.extracts):
        place = await ctx.in_thread(partial(by_id, extract, id))
        if place is not None:
            where = {"lat": place.point.lat, "lon": place.point.lon}
            return {
                "id": id,
                "name": place.name,
                "kind": place.kind,
                **where,
                "tags": place.tags,
                "source": extract.source,
            }
    return None


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(title="Maps", description="Places, routes and maps, offline from OpenStreetMap extracts.")


@hookimpl
def mcp_agent_config() -> type[Settings]:
    return Settings


@hookimpl
def mcp_agent_setup() -> Setup:
    return Setup(ask=("online", "contact", "router"))


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return [
        maps_geocode, maps_reverse, maps_nearby, maps_route, maps_along_route, maps_matrix, maps_isochrone,
        maps_meeting_point, maps_optimize_stops, maps_explore, maps_render, maps_load_extract, maps_overpass,
    ]  # fmt: skip


@hookimpl
def mcp_agent_resources() -> Sequence[Callable[..., Any]]:
    return [maps_extracts, maps_result, maps_place]


@hookimpl
async def mcp_agent_startup(ctx: Context) -> None:
    ctx.state = open_maps(ctx)


@hookimpl
async def mcp_agent_shutdown(ctx: Context) -> None:
    if ctx.state is not None:
        await ctx.state.valhalla.close()
        await ctx.in_thread(ctx.state.shelf.close)


@hookimpl
async def mcp_agent_health(ctx: Context) -> str:
    found = await ctx.in_thread(ctx.state.shelf.extracts)
    if ctx.state.shelf.damaged:
        names = ", ".join(sorted(ctx.state.shelf.damaged))
        raise ToolError(f"Not readable: {names}.", hint="Load the .osm.pbf again under the same name.")
    online = "services on the web are asked too" if ctx.config.online else "nothing is asked on the web"
    if not found:
        return f"No extract is loaded; {online}."
    return f"{', '.join(f'{one.name} (data of {one.data_date})' for one in found)}; {online}."


@hookimpl
def mcp_agent_demo() -> Sequence[Scene]:
    from mcp_agent_maps.demo import plays

    return [Scene("It knows its way about, with no network", plays)]
