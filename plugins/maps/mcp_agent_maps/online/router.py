"""Routes from a routing server of the person's: OSRM or Valhalla."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, TypeVar

from mcp_agent import Context, UpstreamError
from mcp_agent_maps.atlas.protocol import NotHere, Step, Times, Way
from mcp_agent_maps.geometry import Point
from mcp_agent_maps.online.service import BadQuestion, Service, ask_json
from mcp_agent_maps.routing.profiles import Mode
from mcp_agent_maps.valhalla import dialect

T = TypeVar("T")

_OSRM: Mapping[Mode, str] = {"foot": "walking", "bike": "cycling", "car": "driving"}


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


async def seconds(ctx: Context, begins: Sequence[Point], ends: Sequence[Point], mode: Mode) -> Times:
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


async def _osrm_seconds(ctx: Context, begins: Sequence[Point], ends: Sequence[Point], mode: Mode) -> Times:
    path = f"/table/v1/{_OSRM[mode]}/{_osrm_points([*begins, *ends])}"
    query = {
        "sources": ";".join(map(str, range(len(begins)))),
        "destinations": ";".join(map(str, range(len(begins), len(begins) + len(ends)))),
    }
    found = await ask_json(ctx, service(ctx), path, query=query)
    return Times([[None if cell is None else float(cell) for cell in row] for row in found["durations"]], "OSRM")


def _osrm_points(points: Sequence[Point]) -> str:
    return ";".join(f"{point.lon:.6f},{point.lat:.6f}" for point in points)


async def _valhalla_way(ctx: Context, stops: Sequence[Point], mode: Mode) -> Way:
    return dialect.read_route(await ask_json(ctx, service(ctx), "/route", body=dialect.route(stops, mode)))


async def _valhalla_seconds(ctx: Context, begins: Sequence[Point], ends: Sequence[Point], mode: Mode) -> Times:
    body = dialect.matrix(begins, ends, mode)
    return dialect.read_matrix(await ask_json(ctx, service(ctx), "/sources_to_targets", body=body))
