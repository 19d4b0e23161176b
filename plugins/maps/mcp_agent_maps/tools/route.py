"""Ways from here to there, and what is beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_maps import results
from mcp_agent_maps.examples import EXAMPLES
from mcp_agent_maps.tools.shown import ShownPlace, features, fields_of, lines, shown, zone_of
from mcp_agent_maps.where import Spotted, Where, resolve

Profile = Annotated[Literal["foot", "bike", "car"], Field("How one travels.")]
_MOST_STEPS = 60


class ShownStep(Struct, frozen=True, omit_defaults=True):
    """``bearing`` is where it leads at first, in degrees clockwise from north."""

    text: str
    metres: int
    bearing: int


class Route(Struct, frozen=True, omit_defaults=True):
    """``minutes`` is without traffic and lights. ``engine`` worked it out, from the data of ``source``."""

    start: str
    end: str
    metres: int
    minutes: float
    profile: str
    engine: str
    source: str
    steps: list[ShownStep]
    more_steps: int = 0
    note: str | None = None
    result: str = ""


class PlaceOnTheWay(ShownPlace, frozen=True, omit_defaults=True, kw_only=True):
    """``after`` is how far along the route it is, in metres; ``metres`` how far from the route."""

    after: int


class OnTheWay(Struct, frozen=True, omit_defaults=True):
    """In the order in which one comes by. ``route_metres`` is the length of the whole way."""

    places: list[PlaceOnTheWay]
    route_metres: int
    source: str
    more: int = 0
    note: str | None = None
    result: str = ""


@tool(effect="read", open_world=True, origin="OpenStreetMap", examples=EXAMPLES["maps_route"])
async def maps_route(
    ctx: Context,
    start: Where,
    end: Where,
    via: Annotated[list[Where], Field("Places to pass, in this order.", max_length=20)] = [],  # noqa: B006
    profile: Profile = "foot",
) -> Route:
    """Find the quickest way on foot, by bike or by car, with a step for each street.

    One-way streets, forbidden turns and who may use a street are kept to. Use maps_optimize_stops to find the best
    order of several stops, and maps_matrix for travel times between many places.
    """
    from mcp_agent_maps.atlas.ask import ask

    stops = await _resolved(ctx, [start, *via, end])
    points = [stop.point for stop in stops]
    way, (source, note) = await ask(ctx, points, lambda atlas: atlas.way(points, profile))
    steps = [ShownStep(step.text, step.metres, step.bearing) for step in way.steps]
    minutes = round(way.seconds / 60, 1)
    answer = Route(
        stops[0].label, stops[-1].label, round(way.metres), minutes, profile, way.engine, source,
        steps[:_MOST_STEPS], max(0, len(steps) - _MOST_STEPS), note,
    )  # fmt: skip
    drawn = results.line(way.line, profile=profile, metres=answer.metres, minutes=minutes)
    marks = [results.point(stop.point, name=stop.label) for stop in stops]
    return results.told(ctx, answer, _route_lines(answer), [drawn, *marks])


@tool(effect="read", open_world=True, origin="OpenStreetMap", examples=EXAMPLES["maps_along_route"])
async def maps_along_route(
    ctx: Context,
    start: Where,
    end: Where,
    category: Annotated[str, Field("In plain words: petrol station, bakery; or a tag: shop=tea.", max_length=80)],
    detour: Annotated[int, Field("How far from the route, in metres.", ge=10, le=5000)] = 200,
    profile: Profile = "foot",
    limit: Annotated[int, Field("How many at most.", ge=1, le=50)] = 10,
) -> OnTheWay:
    """Find places of one kind beside the way from start to end, in the order in which one comes by."""
    from mcp_agent_maps.atlas.ask import ask
    from mcp_agent_maps.geometry import nearest_on
    from mcp_agent_maps.places.categories import tags_for

    wanted = tags_for(category)
    stops = await _resolved(ctx, [start, end])
    points = [stop.point for stop in stops]
    way, (way_source, way_note) = await ask(ctx, points, lambda atlas: atlas.way(points, profile))
    found, (source, note) = await ask(ctx, points, lambda atlas: atlas.within(way.line, detour, wanted))
    ordered = sorted((round(nearest_on(way.line, place.point).along), place.osm, place) for place in found)
    zone = await zone_of(ctx, points[0])
    places = [
        PlaceOnTheWay(**fields_of(shown(place, zone, nearest_on(way.line, place.point).point)), after=after)
        for after, _, place in ordered[:limit]
    ]
    sources = source if source == way_source else f"{source}; the way: {way_source}"
    notes = " ".join(dict.fromkeys(filter(None, (way_note, note)))) or None
    answer = OnTheWay(places, round(way.metres), sources, max(0, len(found) - limit), notes)
    told = [f"{len(found)} beside the {answer.route_metres} m from {stops[0].label} to {stops[1].label}:"]
    told += [f"{line}; after {place.after} m" for line, place in zip(lines(places), places, strict=True)]
    drawn = [results.line(way.line, profile=profile), *features(places)]
    return results.told(ctx, answer, [*told, *results.closing(sources, notes)], drawn)


async def _resolved(ctx: Context, wheres: Sequence[str]) -> list[Spotted]:
    """Each as a point; names are looked for near the first of them."""
    first = await resolve(ctx, wheres[0])
    stops = [first, *[await resolve(ctx, where, first.point) for where in wheres[1:]]]
    if len({stop.point for stop in stops}) == 1:
        raise ToolError(f"The start and the end are the same: {first.label}.", hint="Give two different places.")
    return stops


def _route_lines(route: Route) -> Iterator[str]:
    yield f"{route.start} to {route.end} by {route.profile}: {route.metres} m, {route.minutes:g} minutes."
    for number, step in enumerate(route.steps, 1):
        yield f"{number}. {step.text}" + (f" for {step.metres} m" if step.metres else "")
    if route.more_steps:
        yield f"And {route.more_steps} more steps: ask for a part of the way to see them."
    yield from results.closing(route.source, route.note, route.engine)
