"""Places: by name, by point, by what they are."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, tool
from mcp_agent_maps import results
from mcp_agent_maps.examples import EXAMPLES
from mcp_agent_maps.tools.shown import ShownPlace, features, hours_of, lines, shown, zone_of
from mcp_agent_maps.where import Where, resolve

Limit = Annotated[int, Field("How many at most.", ge=1, le=50)]


class Found(Struct, frozen=True, omit_defaults=True):
    """``more`` counts those not shown. ``result`` names this answer, for maps_render and maps://results/."""

    places: list[ShownPlace]
    source: str
    more: int = 0
    note: str | None = None
    result: str = ""


class Here(Struct, frozen=True, omit_defaults=True):
    """``inside`` are areas around the point, the smallest first."""

    lat: float
    lon: float
    source: str
    address: str | None = None
    street: str | None = None
    inside: list[str] = []
    near: list[ShownPlace] = []
    note: str | None = None
    result: str = ""


@tool(effect="read", open_world=True, origin="OpenStreetMap", examples=EXAMPLES["maps_geocode"])
async def maps_geocode(
    ctx: Context,
    query: Annotated[str, Field("A name or an address, as one writes it.", min_length=1, max_length=300)],
    near: Annotated[str | None, Field("Prefer places near here: coordinates, an address or a name.")] = None,
    limit: Limit = 5,
) -> Found:
    """Find where a named place, street or address is. For "cafes around here" use maps_nearby instead."""
    from mcp_agent_maps.atlas.ask import NobodyKnows, ask

    origin = (await resolve(ctx, near)).point if near else None
    try:
        places, (source, note) = await ask(ctx, [], lambda atlas: atlas.names(query, origin, limit))
    except NobodyKnows:
        places, (source, note) = await ask(ctx, [], lambda atlas: atlas.names(query, origin, limit, loose=True))
        note = " ".join(filter(None, (note, "Nothing has all of these words: these have some of them.")))
    answer = Found([shown(place, origin=origin) for place in places], source, note=note)
    return results.told(ctx, answer, [*lines(answer.places), *said(answer)], features(answer.places))


@tool(effect="read", open_world=True, origin="OpenStreetMap", examples=EXAMPLES["maps_reverse"])
async def maps_reverse(ctx: Context, where: Where, limit: Limit = 5) -> Here:
    """Say what is at a point: its address, the street, areas around it, and named places within 150 m."""
    from mcp_agent_maps.atlas.ask import ask

    point = (await resolve(ctx, where)).point
    spot, (source, note) = await ask(ctx, [point], lambda atlas: atlas.spot(point))
    zone = await zone_of(ctx, point)
    near = [shown(place, zone, point) for place in spot.near[:limit]]
    answer = Here(point.lat, point.lon, source, spot.address, spot.street, spot.inside[:5], near, note)
    about = [spot.address or spot.street or "No address is known here."]
    if spot.inside:
        about.append(f"Inside: {', '.join(spot.inside[:5])}.")
    here = results.point(point, address=spot.address, street=spot.street)
    return results.told(ctx, answer, [*about, *lines(near), *said(answer)], [here, *features(near)])


@tool(effect="read", open_world=True, origin="OpenStreetMap", examples=EXAMPLES["maps_nearby"])
async def maps_nearby(
    ctx: Context,
    where: Where,
    category: Annotated[str, Field("In plain words: cafe, pharmacy, bus stop; or a tag: shop=tea.", max_length=80)],
    radius: Annotated[int, Field("How far, in metres.", ge=10, le=20_000)] = 1000,
    open_now: Annotated[bool, Field("Only those known to be open.")] = False,
    at: Annotated[datetime | None, Field("Open then instead of now; without a zone it is local time there.")] = None,
    limit: Limit = 10,
) -> Found:
    """Find places of one kind around a point, the nearest first, with opening hours understood.

    Distances are straight, in metres. For places on the way somewhere use maps_along_route.
    """
    from mcp_agent_maps.atlas.ask import ask
    from mcp_agent_maps.places.categories import tags_for

    wanted = tags_for(category)
    point = (await resolve(ctx, where)).point
    zone = await zone_of(ctx, point, at)
    found, (source, note) = await ask(ctx, [point], lambda atlas: atlas.within([point], radius, wanted))
    if open_now:
        found = await ctx.in_thread(lambda: [place for place in found if hours_of(place, zone).open])
    places, more = [shown(place, zone, point) for place in found[:limit]], max(0, len(found) - limit)
    answer = Found(places, source, more, note)
    none = [] if places else [f"No {category} within {radius} m{' is known to be open' if open_now else ''}."]
    return results.told(ctx, answer, [*none, *lines(places), *said(answer)], features(places))


def said(answer: Found | Here) -> list[str]:
    """The last lines of every answer: how many more, who answered, who did not."""
    more = [f"{answer.more} more: ask with a larger limit."] if isinstance(answer, Found) and answer.more else []
    return [*more, *results.closing(answer.source, answer.note)]
