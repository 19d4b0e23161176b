"""Places, small enough for a model, with opening hours understood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from mcp_agent import Context
from mcp_agent_maps import results

if TYPE_CHECKING:
    from mcp_agent_maps.geometry import Point
    from mcp_agent_maps.places.hours import Hours
    from mcp_agent_maps.places.place import Place

_FEW_METRES = 15
_A_WEEKDAY = timedelta(days=6)


class ShownPlace(Struct, frozen=True, omit_defaults=True):
    """``metres`` and ``direction`` are from where was asked; ``until`` is when ``open`` changes, in local time, with
    the date where that is not within the week."""

    id: str
    name: str
    kind: str
    lat: float
    lon: float
    address: str | None = None
    metres: int | None = None
    direction: str | None = None
    hours: str | None = None
    open: bool | None = None
    until: str | None = None


class Zone(Struct, frozen=True):
    """Where and when opening hours are read."""

    timezone: str
    country: str
    moment: datetime


async def zone_of(ctx: Context, point: Point, at: datetime | None = None) -> Zone:
    """The local time of a place: of the extract it is in; elsewhere found from the point."""
    from mcp_agent_maps.atlas.ask import covering
    from mcp_agent_maps.places.hours import moment_of

    extracts = await covering(ctx, [point])
    timezone = extracts[0].timezone if extracts else await ctx.in_thread(lambda: _timezone(point))
    country = extracts[0].country if extracts else ""
    return Zone(timezone, country, moment_of(at, ctx.clock.time(), timezone))


def _timezone(point: Point) -> str:
    import tzfpy

    return tzfpy.get_tz(point.lon, point.lat) or "UTC"


def hours_of(place: Place, zone: Zone | None) -> Hours:
    """Whether a place is open, as far as is known."""
    from mcp_agent_maps.places.hours import UNKNOWN, hours_at

    text = place.tags.get("opening_hours")
    return hours_at(text, zone.moment, zone.timezone, zone.country) if zone is not None else UNKNOWN


def shown(place: Place, zone: Zone | None = None, origin: Point | None = None) -> ShownPlace:
    """A place for the model; with a zone, whether it is open."""
    from mcp_agent_maps.geometry import bearing, compass

    text, hours = place.tags.get("opening_hours"), hours_of(place, zone)
    far = origin is not None and place.away >= _FEW_METRES
    return ShownPlace(
        id=place.osm, name=place.label, kind=place.kind, lat=round(place.point.lat, 6), lon=round(place.point.lon, 6),
        address=place.address if place.address != place.label else None,
        metres=round(place.away) if origin is not None else None,
        direction=compass(bearing(origin, place.point)) if origin is not None and far else None,
        hours=text, open=hours.open, until=_until(hours.until, zone.moment) if zone and hours.until and text else None,
    )  # fmt: skip


def _until(changes: datetime, moment: datetime) -> str:
    """A day of the week alone means the next one."""
    far = changes - moment > _A_WEEKDAY
    return changes.strftime("%a %Y-%m-%d %H:%M" if far else "%a %H:%M")


def fields_of(place: ShownPlace) -> dict[str, Any]:
    """For a shown place with something more."""
    return {name: getattr(place, name) for name in place.__struct_fields__}


def lines(places: Sequence[ShownPlace]) -> Iterator[str]:
    """One line each."""
    for place in places:
        parts = [f"{place.name} ({place.kind})" if place.name != place.kind else place.name]
        if place.metres is not None:
            parts.append(f"{place.metres} m {place.direction or ''}".strip())
        if place.address:
            parts.append(place.address)
        if place.open is not None:
            parts.append(("open" if place.open else "closed") + (f" until {place.until}" if place.until else ""))
        parts.append(f"{place.lat:.5f}, {place.lon:.5f} [{place.id}]")
        yield "- " + "; ".join(parts)


def features(places: Sequence[ShownPlace]) -> list[results.Feature]:
    from mcp_agent_maps.geometry import Point

    return [
        results.point(Point(place.lat, place.lon), id=place.id, name=place.name, kind=place.kind, address=place.address)
        for place in places
    ]
