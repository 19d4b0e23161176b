"""The services on the web, played by a server on loopback that answers in the forms they document."""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st
from mcp_agent_maps.geometry import Point
from mcp_agent_maps.online.overpass import checked
from mcp_agent_maps.town import write_town
from mcp_agent_maps.valhalla.dialect import decode_line

from mcp_agent import VERSION, Host, ToolError
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


def test_names_come_from_nominatim_with_our_name_and_are_remembered() -> None:
    async def work(host: Host, world: World) -> None:
        for _ in range(3):
            found = (await host.call("maps_geocode", {"query": "brandenburg gate"})).data
        [place] = found["places"]
        assert (place["name"], place["kind"], place["id"]) == ("Brandenburg Gate", "attraction", "w518071791")
        assert (place["lat"], place["lon"]) == (52.51627, 13.377703)
        assert found["source"] == "Nominatim at 127.0.0.1 (© OpenStreetMap contributors)"
        [(_, request, _)] = world.asked  # asked once
        assert request.headers["User-Agent"] == f"mcp-agent/{VERSION} (maps; me@example.org)"
        assert request.query["q"] == "brandenburg gate"
        assert (await host.call("maps_reverse", {"where": "52.5163, 13.3777"})).data["street"] == "Pariser Platz"
        with pytest.raises(ToolError, match=r"Nominatim knows nothing at 1\.00000, 2\.00000"):
            await host.call("maps_reverse", {"where": "1.0, 2.0"})

    online(work, contact="me@example.org")


def test_nominatim_is_asked_once_a_second_by_all_programs_of_a_home_together(tmp_path: Path) -> None:
    async def run() -> None:
        async with (
            services() as world,
            host_for(MODULE, world.settings(), folder=tmp_path) as one,
            host_for(MODULE, world.settings(), folder=tmp_path) as other,
        ):
            calls = [host.call("maps_geocode", {"query": f"{number}"}) for number, host in enumerate((one, other, one))]
            await asyncio.gather(*calls)
            times = sorted(when for when, _, _ in world.asked)
            assert len(times) == 3
            assert all(second - first > 0.9 for first, second in itertools.pairwise(times))
            for host in (one, other):  # what one was told, the other knows
                await host.call("maps_geocode", {"query": "1"})
            assert len(world.asked) == 3

    asyncio.run(run())


def test_who_would_wait_too_long_is_told_at_once() -> None:
    async def work(host: Host, world: World) -> None:
        calls = [host.call("maps_geocode", {"query": f"{number}"}) for number in range(8)]
        done = await asyncio.gather(*calls, return_exceptions=True)
        failed = [str(one) for one in done if isinstance(one, ToolError)]
        assert all("Nominatim at 127.0.0.1 is busy" in said for said in failed)
        assert 5 <= len(failed) <= 6  # two or three have their turn within 1.5 seconds
        assert len(world.asked) == 8 - len(failed)

    online(work, wait_seconds=1.5)


def test_places_come_from_overpass_nodes_ways_and_relations_nearest_first() -> None:
    async def work(host: Host, world: World) -> None:
        found = (await host.call("maps_nearby", NEARBY)).data
        assert [(place["id"], place["name"]) for place in found["places"]] == [
            ("w12", "Nearest"), ("n11", "Einstein"), ("r13", "cafe")
        ]  # fmt: skip
        assert found["places"][0]["open"] is True
        assert found["source"] == "Overpass at 127.0.0.1 (© OpenStreetMap contributors)"
        [(_, request, body)] = world.asked
        assert "around%3A1000%2C52.516300%2C13.377700" in body
        assert request.headers["User-Agent"].startswith("mcp-agent/")

    online(work)


def test_overpass_is_asked_one_question_at_a_time() -> None:
    async def work(host: Host, world: World) -> None:
        await asyncio.gather(*(host.call("maps_nearby", {**NEARBY, "radius": 100 + at}) for at in range(6)))
        assert len(world.asked) == 6
        assert world.most_busy == 1

    online(work)


def test_overpass_that_is_busy_is_given_the_time_it_asks_for() -> None:
    async def work(host: Host, world: World) -> None:
        world.overpass = [(429, {"Retry-After": "1"}, "slow down"), (504, {"Retry-After": "0"}, "busy")]
        assert len((await host.call("maps_nearby", NEARBY)).data["places"]) == 3
        times = [when for when, _, _ in world.asked]
        assert len(times) == 3
        assert times[1] - times[0] >= 0.95

    online(work)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (500, "oops", r"Overpass at 127\.0\.0\.1 refused the question \(500\)"),
        (400, "parse error: ';' expected", "parse error: ';' expected"),
        (200, "<html>Dispatcher_Client::request_read_and_idx::timeout</html>", "did not give a whole answer"),
        (200, {"elements": [], "remark": "runtime error: Query timed out in \"query\" at line 1"}, "Query timed out"),
        (200, {"elements": [{"type": "node", "id": 1}]}, "No cafe within 1000 m"),
        (200, "x" * (9 * 2**20), "more than 8,388,608 bytes"),
        (429, "later", r"is busy"),
    ],
)  # fmt: skip
def test_what_overpass_may_do_wrong(status: int, body: Any, said: str) -> None:
    async def work(host: Host, world: World) -> None:
        world.overpass = [(status, {"Retry-After": "9"}, body)] * 9
        try:
            answer = (await host.call("maps_nearby", NEARBY)).text
        except ToolError as error:
            answer = str(error)
        assert re.search(said, answer), answer
        if status != 200 or not isinstance(body, dict) or "remark" in body:
            world.overpass = []  # what went wrong is not remembered
            assert len((await host.call("maps_nearby", NEARBY)).data["places"]) == 3

    online(work, wait_seconds=1)


def test_without_the_network_the_extract_answers_and_says_so(tmp_path: Path) -> None:
    write_town(tmp_path / "town.osm.pbf")

    async def run() -> None:
        async with services() as world:
            gone = world.settings(prefer="online")
        async with host_for(MODULE, gone) as host:
            with pytest.raises(ToolError, match=r"Nominatim at 127\.0\.0\.1 could not be reached.*maps_load_extract"):
                await host.call("maps_geocode", {"query": "Lakeside"})
        async with host_for(MODULE, gone) as host:
            await host.call("maps_load_extract", {"path": str(tmp_path / "town.osm.pbf")})
            calls = {
                "maps_geocode": {"query": "Lakeside"},
                "maps_nearby": {"where": "62.5, 26.0", "category": "cafe"},
                "maps_reverse": {"where": "62.5, 26.0"},
                "maps_route": {"start": "62.5, 26.0", "end": "62.501, 26.002"},
            }
            for tool, arguments in calls.items():
                answer = (await host.call(tool, arguments)).data
                assert answer["source"].startswith("local extract 'town'"), tool
                assert "could not be reached" in answer["note"], tool

    asyncio.run(run())


def test_what_the_extract_knows_is_not_asked_of_anybody(tmp_path: Path) -> None:
    write_town(tmp_path / "town.osm.pbf")

    async def work(host: Host, world: World) -> None:
        await host.call("maps_load_extract", {"path": str(tmp_path / "town.osm.pbf")})
        await host.call("maps_nearby", {"where": "Town Station", "category": "cafe"})
        await host.call("maps_route", {"start": "Town Station", "end": "Lakeside"})
        assert world.asked == []
        found = (await host.call("maps_geocode", {"query": "brandenburg gate"})).data  # it does not know that
        assert found["source"].startswith("Nominatim")

    online(work)


def test_a_prefered_service_is_asked_first(tmp_path: Path) -> None:
    write_town(tmp_path / "town.osm.pbf")

    async def work(host: Host, world: World) -> None:
        await host.call("maps_load_extract", {"path": str(tmp_path / "town.osm.pbf")})
        found = (await host.call("maps_geocode", {"query": "Lakeside"})).data
        assert found["source"].startswith("Nominatim")
        world.nominatim = []
        found = (
            await host.call("maps_geocode", {"query": "lakesid"})
        ).data  # it knows nothing of that: the extract does
        assert found["source"].startswith("local extract")

    online(work, prefer="online")


def test_osrm() -> None:
    async def work(host: Host, world: World) -> None:
        ends = {"start": "52.5163, 13.3777", "end": "52.517, 13.381"}
        route = (await host.call("maps_route", {**ends, "profile": "bike"})).data
        assert (route["metres"], route["minutes"], route["engine"]) == (180, 2.2, "OSRM")
        assert [step["text"] for step in route["steps"]] == [
            "Depart left into Pariser Platz", "Turn right into Unter den Linden", "You have arrived"
        ]  # fmt: skip
        assert route["source"].startswith("OSRM at 127.0.0.1")
        assert world.asked[0][1].path == "/route/v1/cycling/13.377700,52.516300;13.381000,52.517000"
        matrix = (await host.call("maps_matrix", {"starts": list(ends.values()), "profile": "car"})).data
        assert matrix["minutes"] == [[0.0, 5.0], [None, 0.0]]
        with pytest.raises(ToolError, match="Impossible route between points"):
            await host.call("maps_route", {"start": "0, 0", "end": "52.5, 13.4"})

    online(work)


def test_valhalla() -> None:
    async def work(host: Host, world: World) -> None:
        route = (await host.call("maps_route", {"start": "3.85, -12.02", "end": "4.3, -12.6"})).data
        assert (route["metres"], route["minutes"], route["engine"]) == (180, 2.2, "Valhalla")
        assert route["steps"][0] == {"text": "Walk east on Pariser Platz", "metres": 180, "bearing": 92}
        assert '"costing":"pedestrian"' in world.asked[0][2]
        matrix = (await host.call("maps_matrix", {"starts": ["52.5, 13.4", "52.6, 13.4"]})).data
        assert matrix["minutes"][0] == [0.0, None]

    online(work, router_kind="valhalla")


def test_without_a_router_it_says_what_to_set_up() -> None:
    async def work(host: Host, world: World) -> None:
        with pytest.raises(ToolError, match=r"No routing server is set up.*extract"):
            await host.call("maps_route", {"start": "52.5, 13.4", "end": "52.6, 13.4"})

    online(work, router="")


def _encoded(points: list[Point]) -> str:
    """The polyline of the documentation, written down a second time, the other way round."""
    text, before = "", (0, 0)
    for point in points:
        now = (round(point.lat * 1e6), round(point.lon * 1e6))
        for a, b in zip(now, before, strict=True):
            value = ~((a - b) << 1) if a < b else (a - b) << 1
            while value >= 32:
                text += chr((32 | value & 31) + 63)
                value >>= 5
            text += chr(value + 63)
        before = now
    return text


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000))))
def test_lines_of_valhalla(whole: list[tuple[int, int]]) -> None:
    points = [Point(lat / 1e6, lon / 1e6) for lat, lon in whole]
    assert decode_line(_encoded(points)) == points


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("node[amenity=cafe];out;", "asks the whole world"),
        ("nwr[amenity=cafe](around:500,60.17,24.94);way[highway];out;", "'way.highway.' asks the whole world"),
        ("/* (around:1,2,3) */ node[amenity=cafe];", "asks the whole world"),
        ('node["name"="(around:1,2,3)"];', "asks the whole world"),
        ("node(1,2,3,4;", r"1 '\(' and 0 '\)'"),
        ("out;", "asks for no node"),
        ("", "has 1 to 4000 characters"),
        ("node(1,2,3,4);" * 400, "has 1 to 4000 characters"),
    ],
)
def test_queries_that_are_not_sent(query: str, said: str) -> None:
    with pytest.raises(ToolError, match=said):
        checked(query, 10)


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("nwr[amenity=cafe](around:500,60.17,24.94)", "nwr[amenity=cafe](around:500,60.17,24.94);out center tags 10;"),
        ("[out:xml][timeout:900];node(60,24,60.1,24.1);out body;", "node(60,24,60.1,24.1);out center tags 10;"),
        ("(way(60,24,60.1,24.1);node(w););out skel;", "(way(60,24,60.1,24.1);node(w););out center tags 10;"),
        ('node["name"="a;b"](60,24,60.1,24.1);', 'node["name"="a;b"](60,24,60.1,24.1);out center tags 10;'),
    ],
)
def test_queries_that_are_sent_with_our_limits(query: str, sent: str) -> None:
    assert checked(query, 10) == f"[out:json][timeout:25][maxsize:67108864];{sent}"


def test_a_query_of_ones_own() -> None:
    async def work(host: Host, world: World) -> None:
        query = "nwr[amenity=cafe](around:500,52.5163,13.3777);"
        found = (await host.call("maps_overpass", {"query": query, "limit": 2})).data
        assert [place["id"] for place in found["places"]] == ["n11", "w12"]
        assert found["more"] == 1
        assert "out+center+tags+3" in world.asked[0][2]

    online(work)
