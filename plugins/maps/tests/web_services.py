"""The services on the web, played by a server on loopback that answers in the forms they document."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from mcp_agent import Host
from mcp_agent.testing import host_for

MODULE = "mcp_agent_maps"

BERLIN = {
    "place_id": 1, "licence": "Data © OpenStreetMap contributors, ODbL 1.0", "osm_type": "way", "osm_id": 518071791,
    "lat": "52.5162699", "lon": "13.3777034", "category": "tourism", "type": "attraction", "place_rank": 30,
    "importance": 0.6, "addresstype": "tourism", "name": "Brandenburg Gate",
    "display_name": "Brandenburg Gate, Pariser Platz, Mitte, Berlin, 10117, Germany",
    "address": {"tourism": "Brandenburg Gate", "road": "Pariser Platz", "suburb": "Mitte", "city": "Berlin"},
    "extratags": {"wikidata": "Q82425", "opening_hours": "24/7"},
    "boundingbox": ["52.5161", "52.5164", "13.3775", "13.3778"],
}  # fmt: skip

CAFES = {
    "version": 0.6,
    "generator": "Overpass API",
    "elements": [
        {"type": "node", "id": 11, "lat": 52.5170, "lon": 13.3780, "tags": {"amenity": "cafe", "name": "Einstein"}},
        {"type": "way", "id": 12, "center": {"lat": 52.5165, "lon": 13.3779}, "nodes": [1, 2],
         "tags": {"amenity": "cafe", "name": "Nearest", "opening_hours": "24/7"}},
        {"type": "relation", "id": 13, "center": {"lat": 52.5180, "lon": 13.3790}, "members": [],
         "tags": {"amenity": "cafe"}},
    ],
}  # fmt: skip


class World:
    """What the services do, and what they were asked. ``overpass`` holds (status, headers, body) still to be given."""

    def __init__(self) -> None:
        self.asked: list[tuple[float, web.Request, str]] = []
        self.overpass: list[tuple[int, dict[str, str], Any]] = []
        self.nominatim: Any = [BERLIN]
        self.busy = self.most_busy = 0
        self.url = ""

    def settings(self, **more: Any) -> dict[str, Any]:
        return {"nominatim": self.url, "overpass": f"{self.url}/api/interpreter", "router": self.url, **more}

    async def _note(self, request: web.Request) -> None:
        self.asked.append((time.monotonic(), request, await request.text()))

    async def search(self, request: web.Request) -> web.StreamResponse:
        await self._note(request)
        return web.json_response(self.nominatim) if not callable(self.nominatim) else self.nominatim()

    async def reverse(self, request: web.Request) -> web.Response:
        await self._note(request)
        at_sea = float(request.query["lat"]) < 10
        return web.json_response({"error": "Unable to geocode"} if at_sea else BERLIN)

    async def interpreter(self, request: web.Request) -> web.Response:
        await self._note(request)
        self.busy += 1
        self.most_busy = max(self.busy, self.most_busy)
        await asyncio.sleep(0.02)
        self.busy -= 1
        status, headers, body = self.overpass.pop(0) if self.overpass else (200, {}, CAFES)
        if isinstance(body, str):
            return web.Response(status=status, headers=headers, text=body)
        return web.json_response(body, status=status, headers=headers)

    async def osrm_route(self, request: web.Request) -> web.Response:
        await self._note(request)
        if "0.000000" in request.path:
            return web.json_response({"code": "NoRoute", "message": "Impossible route between points"}, status=400)
        steps = [
            {"distance": 80.5, "duration": 60, "name": "Pariser Platz",
             "maneuver": {"type": "depart", "modifier": "left", "bearing_after": 92}},
            {"distance": 100, "duration": 70, "name": "Unter den Linden",
             "maneuver": {"type": "turn", "modifier": "right", "bearing_after": 180}},
            {"distance": 0, "duration": 0, "name": "", "maneuver": {"type": "arrive", "location": [13.38, 52.52]}},
        ]  # fmt: skip
        geometry = {"type": "LineString", "coordinates": [[13.3777, 52.5163], [13.38, 52.5165], [13.381, 52.517]]}
        route = {
            "distance": 180.5,
            "duration": 130,
            "geometry": geometry,
            "legs": [{"steps": steps, "distance": 180.5}],
        }
        return web.json_response({"code": "Ok", "routes": [route], "waypoints": []})

    async def osrm_table(self, request: web.Request) -> web.Response:
        await self._note(request)
        return web.json_response({"code": "Ok", "durations": [[0, 300.4], [None, 0]]})

    async def valhalla_route(self, request: web.Request) -> web.Response:
        await self._note(request)
        turns = [
            {"instruction": "Walk east on Pariser Platz.", "length": 0.18, "time": 130, "bearing_after": 92,
             "street_names": ["Pariser Platz"]},
            {"instruction": "You have arrived at your destination.", "length": 0.0, "time": 0},
        ]  # fmt: skip
        leg = {"shape": "_p~iF~ps|U_ulLnnqC_mqNvxq`@", "maneuvers": turns, "summary": {"length": 0.18, "time": 130}}
        return web.json_response({"trip": {"legs": [leg], "summary": {"length": 0.18, "time": 130}, "status": 0}})

    async def valhalla_matrix(self, request: web.Request) -> web.Response:
        await self._note(request)
        cells = [[{"time": 0, "distance": 0.0}, {"time": None, "distance": None}]]
        return web.json_response({"sources_to_targets": [*cells, *cells]})


@asynccontextmanager
async def services() -> AsyncIterator[World]:
    world, app = World(), web.Application()
    app.add_routes([
        web.get("/search", world.search), web.get("/reverse", world.reverse),
        web.post("/api/interpreter", world.interpreter), web.get("/route/v1/{tail:.*}", world.osrm_route),
        web.get("/table/v1/{tail:.*}", world.osrm_table), web.post("/route", world.valhalla_route),
        web.post("/sources_to_targets", world.valhalla_matrix),
    ])  # fmt: skip
    runner = web.AppRunner(app)
    await runner.setup()
    server = web.TCPSite(runner, "127.0.0.1", 0)
    await server.start()
    assert runner.addresses
    world.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield world
    finally:
        await runner.cleanup()


def online(work: Callable[[Host, World], Any], **settings: Any) -> None:
    async def run() -> None:
        async with services() as world, host_for(MODULE, world.settings(**settings)) as host:
            await work(host, world)

    asyncio.run(run())


NEARBY = {"where": "52.5163, 13.3777", "category": "cafe"}
