"""Routes from a routing server of the person's: OSRM or Valhalla."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, TypeVar

from mcp_agent import Context, UpstreamError
from mcp_agent_maps.atlas.protocol import NotHere, Step, Way
from mcp_agent_maps.geometry import Point
from mcp_agent_maps.online.service import BadQuestion, Service, ask_json
from mcp_agent_maps.routing.profiles import Mode

T = TypeVar("T")

_OSRM: Mapping[Mode, str] = {"foot": "walking", "bike": "cycling", "car": "driving"}
_VALHALLA: Mapping[Mode, str] = {"foot": "pedestrian", "bike": "bicycle", "car": "auto"}


def service(ctx: Context) -> Service:
    """Raises NotHere where none is set up."""
    if not ctx.config.router:
        raise NotHere(
            "No routing server is set up.",
            hint="Load an extract that covers both ends, or set 'plugins: maps: router'.",
        )
    title = {"osrm": "OSRM", "valhalla": "Valhalla"}[ctx.config.router_kind]
    return Service(title, ctx.config.router)


async def way(ctx: Context, stops: Sequence[Point], mode: Mode) -> Way:
    return await _reading(ctx, (_osrm_way if ctx.config.router_kind == "osrm" else _valhalla_way)(ctx, stops, mode))


async def seconds(ctx: Context, begins: Sequence[Point], ends: Sequence[Point], mode: Mode) -> list[list[float | None]]:
    ask = _osrm_seconds if ctx.config.router_kind == "osrm" else _valhalla_seconds
    return await _reading(ctx, ask(ctx, begins, ends, mode))


async def _reading(ctx: Context, answer: Awaitable[T]) -> T:
    """A server that says no says why; one that answers in another form is a failure."""
    try:
        return await answer
    except BadQuestion as error:
        raise NotHere(f"{error}") from None
    except (KeyError, TypeError, IndexError, ValueError):
        one = service(ctx)
        raise UpstreamError(f"{one.source} answered in a form that it does not document.", host=one.host) from None


async def _osrm_way(ctx: Context, stops: Sequence[Point], mode: Mode) -> Way:
    path = f"/route/v1/{_OSRM[mode]}/{_osrm_points(stops)}"
    query = {"overview": "full", "geometries": "geojson", "steps": "true"}
    found = await ask_json(ctx, service(ctx), path, query=query)
    route = found["routes"][0]
    line = [Point(lat, lon) for lon, lat in route["geometry"]["coordinates"]]
    steps = [_osrm_step(step) for leg in route["legs"] for step in leg["steps"]]
    legs = [float(leg["distance"]) for leg in route["legs"]]
    return Way(line, float(route["distance"]), float(route["duration"]), steps, legs, "OSRM")


def _osrm_step(step: Mapping[str, Any]) -> Step:
    turn = step["maneuver"]
    street = step.get("name") or None
    words = [str(turn["type"]).replace("_", " "), turn.get("modifier", ""), f"into {street}" if street else ""]
    said = " ".join(word for word in words if word)
    text = "You have arrived" if turn["type"] == "arrive" else said[:1].upper() + said[1:]
    return Step(text, round(step["distance"]), round(step["duration"]), int(turn.get("bearing_after", 0)), street)


async def _osrm_seconds(
    ctx: Context, begins: Sequence[Point], ends: Sequence[Point], mode: Mode
) -> list[list[float | None]]:
    path = f"/table/v1/{_OSRM[mode]}/{_osrm_points([*begins, *ends])}"
    query = {
        "sources": ";".join(map(str, range(len(begins)))),
        "destinations": ";".join(map(str, range(len(begins), len(begins) + len(ends)))),
    }
    found = await ask_json(ctx, service(ctx), path, query=query)
    return [[None if cell is None else float(cell) for cell in row] for row in found["durations"]]


def _osrm_points(points: Sequence[Point]) -> str:
    return ";".join(f"{point.lon:.6f},{point.lat:.6f}" for point in points)


async def _valhalla_way(ctx: Context, stops: Sequence[Point], mode: Mode) -> Way:
    body = {"locations": _valhalla_points(stops), "costing": _VALHALLA[mode], "units": "kilometers"}
    trip = (await ask_json(ctx, service(ctx), "/route", body=body))["trip"]
    line: list[Point] = []
    steps = []
    for leg in trip["legs"]:
        line += decode_line(leg["shape"])
        steps += [_valhalla_step(turn) for turn in leg["maneuvers"]]
    legs = [leg["summary"]["length"] * 1000.0 for leg in trip["legs"]]
    return Way(line, sum(legs), float(trip["summary"]["time"]), steps, legs, "Valhalla")


def _valhalla_step(turn: Mapping[str, Any]) -> Step:
    streets = turn.get("street_names") or [None]
    text = str(turn["instruction"]).rstrip(".")
    return Step(text, round(turn["length"] * 1000), round(turn["time"]), int(turn.get("bearing_after", 0)), streets[0])


async def _valhalla_seconds(
    ctx: Context, begins: Sequence[Point], ends: Sequence[Point], mode: Mode
) -> list[list[float | None]]:
    body = {"sources": _valhalla_points(begins), "targets": _valhalla_points(ends), "costing": _VALHALLA[mode]}
    found = await ask_json(ctx, service(ctx), "/sources_to_targets", body=body)
    return [[cell["time"] for cell in row] for row in found["sources_to_targets"]]


def _valhalla_points(points: Sequence[Point]) -> list[dict[str, float]]:
    return [{"lat": round(point.lat, 6), "lon": round(point.lon, 6)} for point in points]


def decode_line(text: str) -> list[Point]:
    """Valhalla's encoded polyline, six digits after the point. Raises ValueError for half of one."""
    values: list[int] = []
    value = shift = 0
    for character in text:
        bits = ord(character) - 63
        value |= (bits & 31) << shift
        shift += 5
        if bits < 32:
            values.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    points, lat, lon = [], 0, 0
    for north, east in zip(values[::2], values[1::2], strict=True):
        lat, lon = lat + north, lon + east
        points.append(Point(lat / 1e6, lon / 1e6))
    return points
