"""Questions about an area: how far one gets, and what it is like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from mcp_agent import Context, Field, tool
from mcp_agent_maps import results
from mcp_agent_maps.examples import EXAMPLES
from mcp_agent_maps.tools.route import Profile
from mcp_agent_maps.tools.shown import ShownPlace, features, shown
from mcp_agent_maps.where import Where, resolve

if TYPE_CHECKING:
    from mcp_agent_maps.places.place import Place

_NOTABLE, _COMMON = 8, 10


class Isochrone(Struct, frozen=True, omit_defaults=True):
    """The area itself is in the GeoJSON of ``result``. ``furthest_metres`` is as the crow flies."""

    minutes: float
    profile: str
    square_km: float
    furthest_metres: int
    engine: str
    source: str
    street_km: float | None = None
    note: str | None = None
    result: str = ""


class Group(Struct, frozen=True):
    """``nearest`` is the name of the nearest, ``metres`` away."""

    group: str
    count: int
    nearest: str
    metres: int


class Area(Struct, frozen=True, omit_defaults=True):
    """Groups with the most places first; ``notable`` are places that people beyond the area know."""

    where: str
    radius: int
    places: int
    groups: list[Group]
    notable: list[ShownPlace]
    common: dict[str, int]
    source: str
    note: str | None = None
    result: str = ""


@tool(effect="read", origin="OpenStreetMap", examples=EXAMPLES["maps_isochrone"])
async def maps_isochrone(
    ctx: Context,
    where: Where,
    minutes: Annotated[float, Field("How long one travels.", gt=0, le=120)] = 15.0,
    profile: Profile = "foot",
) -> Isochrone:
    """Work out the area that can be reached in some minutes. Draw it by giving its result to maps_render.

    Needs an extract that covers the place; the area ends where the extract ends.
    """
    from mcp_agent_maps.atlas.ask import local_only

    start = await resolve(ctx, where)
    atlas = await local_only(ctx, [start.point])
    found = await atlas.reach(start.point, profile, minutes * 60)
    streets = None if found.street_metres is None else round(found.street_metres / 1000, 2)
    answer = Isochrone(
        minutes, profile, round(found.square_metres / 1e6, 3), round(found.furthest), found.engine, atlas.source,
        streets, atlas.note,
    )  # fmt: skip
    told = [
        f"In {minutes:g} minutes by {profile} from {start.label}: {answer.square_km:g} km², "
        + ("" if streets is None else f"{streets:g} km of streets, ")
        + f"up to {answer.furthest_metres} m away.",
        *results.closing(answer.source, answer.note, answer.engine),
    ]
    drawn = results.polygons(found.shapes, minutes=minutes, profile=profile)
    return results.told(ctx, answer, told, [drawn, results.point(start.point, name=start.label)])


@tool(effect="read", open_world=True, origin="OpenStreetMap", examples=EXAMPLES["maps_explore"])
async def maps_explore(
    ctx: Context,
    where: Where,
    radius: Annotated[int, Field("How far around, in metres.", ge=50, le=5000)] = 500,
) -> Area:
    """Say what an area is like: how many places of which kind, the nearest of each, and what it is known for."""
    from mcp_agent_maps.atlas.ask import ask

    start = await resolve(ctx, where)
    found, (source, note) = await ask(ctx, [start.point], lambda atlas: atlas.within([start.point], radius, ()))
    groups, common = await ctx.in_thread(lambda: _summary(found))
    notable = [shown(place, origin=start.point) for place in _notable(found)]
    answer = Area(start.label, radius, len(found), groups, notable, common, source, note)
    told = [f"{len(found)} places within {radius} m of {start.label}."]
    told += [f"- {one.group}: {one.count}, the nearest {one.nearest} at {one.metres} m" for one in groups]
    if notable:
        told.append(f"Known for: {', '.join(place.name for place in notable)}.")
    told += results.closing(source, note)
    return results.told(ctx, answer, told, features(notable))


def _summary(found: Sequence[Place]) -> tuple[list[Group], dict[str, int]]:
    """The groups with the most places first, and how often there is what. ``found`` has the nearest first."""
    from mcp_agent_maps.places.categories import GROUPS, tags_for
    from mcp_agent_maps.places.kinds import kinds_of

    kinds = [(place, {*kinds_of(place.tags), *((key, "*") for key, _ in kinds_of(place.tags))}) for place in found]
    groups = []
    for name, categories in GROUPS.items():
        wanted = {tag for category in categories for tag in tags_for(category)}
        members = [place for place, has in kinds if wanted & has]
        if members:
            groups.append(Group(name, len(members), members[0].label, round(members[0].away)))
    common = Counter(place.kind for place in found if place.kind != "street")
    return sorted(groups, key=lambda group: -group.count), dict(common.most_common(_COMMON))


def _notable(found: Sequence[Place]) -> list[Place]:
    """Named places that an encyclopedia knows, the most important first."""
    from mcp_agent_maps.places.kinds import importance, kinds_of

    known = [
        place
        for place in found
        if place.name
        and ("wikidata" in place.tags or "wikipedia" in place.tags)
        and not {"boundary", "place"} & {key for key, _ in kinds_of(place.tags)}
    ]
    ranked = sorted(known, key=lambda place: (-importance(place.tags, kinds_of(place.tags)), place.away))
    return ranked[:_NOTABLE]
