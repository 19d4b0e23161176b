"""The maps plugin in a town that does not exist: the contract, and what the tools answer."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from mcp_agent_maps.town import write_town

from mcp_agent import Host, ToolError
from mcp_agent.callers import NoCaller
from mcp_agent.errors import ResourceNotFound
from mcp_agent.testing import FakeClock, PluginContract, host_for

MODULE = "mcp_agent_maps"
OFFLINE = {"online": False}
NOBODY = NoCaller("test")


@pytest.fixture(scope="module")
def town() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "town.osm.pbf"
        write_town(path)
        yield path


class TestContract(PluginContract):
    module = MODULE
    settings: ClassVar = OFFLINE
    examples: ClassVar = {
        "maps_load_extract": {"name": "town"},
        "maps_geocode": {"query": "mill street 5"},
        "maps_reverse": {"where": "Town Library"},
        "maps_nearby": {"where": "Town Station", "category": "coffee"},
        "maps_route": {"start": "Town Station", "end": "Lakeside", "profile": "bike"},
        "maps_along_route": {"start": "Town Station", "end": "Lakeside", "category": "food"},
        "maps_matrix": {"starts": ["Town Station", "Lakeside"], "profile": "car"},
        "maps_isochrone": {"where": "Town Station", "minutes": 5},
        "maps_meeting_point": {"people": ["Town Station", "Lakeside"]},
        "maps_optimize_stops": {"start": "Town Station", "stops": ["Lakeside", "Market Hall"], "end": "start"},
        "maps_explore": {"where": "Town Library"},
        "maps_render": {"result": "r4", "marks": ["Town Library"]},
    }

    @pytest.fixture(autouse=True)
    def _town(self, town: Path) -> None:
        self.examples["maps_load_extract"]["path"] = str(town)


def in_town(town: Path, work: Callable[[Host], Awaitable[None]], **options: Any) -> None:
    async def run() -> None:
        async with host_for(MODULE, OFFLINE, **options) as host:
            await host.call("maps_load_extract", {"path": str(town)})
            await work(host)

    asyncio.run(run())


async def names(host: Host, tool: str, **arguments: Any) -> list[str]:
    return [place["name"] for place in (await host.call(tool, arguments)).data["places"]]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Museum of Keys", "Museum of Keys"),
        ("museum keys", "Museum of Keys"),
        ("cafe aurora", "Café Aurora"),  # accents
        ("MILL STREET 17", "Mill Street 17, Keyborough"),
        ("mill street", "Mill Street"),
        ("lakes", "Lakeside"),  # the beginning of a word
        ("keyborough", "Keyborough"),
        ('"museum" OR NEAR(', "Museum of Keys"),  # operators are words; not all are there
    ],
)
def test_geocode(town: Path, query: str, first: str) -> None:
    async def work(host: Host) -> None:
        assert (await names(host, "maps_geocode", query=query))[0] == first

    in_town(town, work)


def test_what_only_has_some_of_the_words_is_said_to(town: Path) -> None:
    async def work(host: Host) -> None:
        found = (await host.call("maps_geocode", {"query": "museum of spoons"})).data
        assert found["places"][0]["name"] == "Museum of Keys"
        assert "some of them" in found["note"]
        with pytest.raises(ToolError, match="museum of spoons"):  # but nobody is sent there
            await host.call("maps_route", {"start": "Town Station", "end": "museum of spoons"})

    in_town(town, work)


@pytest.mark.parametrize(
    ("at", "open_then"),
    [
        ("2026-11-21T11:00:00", ["Café Aurora", "Lakeside"]),  # a Saturday
        ("2026-11-20T07:30:00", ["The Old Bakery"]),  # a Friday, before the others
        ("2026-11-20T05:30:00Z", ["The Old Bakery"]),  # the same, told in UTC
        ("2026-12-06T11:00:00", ["Café Aurora", "Lakeside"]),
        ("2026-12-25T11:00:00", ["Café Aurora"]),  # a Friday, but Christmas in Finland
    ],
)
def test_opening_hours_are_those_of_the_place(town: Path, at: str, open_then: list[str]) -> None:
    async def work(host: Host) -> None:
        found = await names(host, "maps_nearby", where="Town Station", category="coffee", open_now=True, at=at)
        assert sorted(found) == sorted(open_then)

    in_town(town, work)


def test_open_now_is_by_the_clock_of_the_host(town: Path) -> None:
    async def work(host: Host) -> None:
        assert await names(host, "maps_nearby", where="Town Station", category="cafe", open_now=True) == []
        clock.advance(9 * 3600)  # 1 January 2026: from two at night to eleven in Helsinki, a Thursday and a holiday
        assert await names(host, "maps_nearby", where="Town Station", category="cafe", open_now=True) == ["Café Aurora"]

    clock = FakeClock()
    in_town(town, work, clock=clock)


def test_nearby_is_sorted_bounded_and_counts_the_rest(town: Path) -> None:
    async def work(host: Host) -> None:
        found = (await host.call("maps_nearby", {"where": "Town Library", "category": "food", "limit": 2})).data
        metres = [place["metres"] for place in found["places"]]
        assert metres == sorted(metres)
        assert (len(metres), found["more"]) == (2, 2)
        assert await names(host, "maps_nearby", where="Town Library", category="food", radius=50) == []
        assert await names(host, "maps_nearby", where="Town Library", category="shop=bicycle") == ["Two Wheels"]
        cafes = await names(host, "maps_nearby", where="Town Library", category="cafe")
        assert await names(host, "maps_nearby", where="Town Library", category="Cafés") == cafes != []

    in_town(town, work)


def test_reverse_knows_house_street_and_park(town: Path) -> None:
    async def work(host: Host) -> None:
        here = (await host.call("maps_reverse", {"where": "Mill Street 17"})).data
        assert here["address"] == "Mill Street 17, Keyborough"
        assert here["street"] == "Mill Street"
        pond = (await host.call("maps_reverse", {"where": "62.4982, 26.0040"})).data
        assert "Lake Park" in pond["inside"]

    in_town(town, work)


def test_every_answer_says_its_source_and_links_its_geojson(town: Path) -> None:
    async def work(host: Host) -> None:
        for tool, arguments in TestContract.examples.items():
            if tool in ("maps_load_extract", "maps_render"):
                continue
            result = await host.call(tool, arguments)
            assert "local extract 'town', OpenStreetMap data of 2026-01-01" in result.data["source"], tool
            assert "© OpenStreetMap contributors" in result.text, tool
            link = result.content[1]
            [contents] = (await host.backend.read(link.uri, NOBODY)).contents  # type: ignore[union-attr]
            assert contents.mime_type == "application/geo+json"
            drawn = json.loads(contents.text or "")
            assert drawn["type"] == "FeatureCollection"
            assert drawn["features"], tool
            assert all(25.9 < lon < 26.1 and 62.4 < lat < 62.6 for lon, lat in _corners(drawn)), tool
        with pytest.raises(ResourceNotFound):
            await host.backend.read("maps://results/r999", NOBODY)
        [one] = (await host.backend.read("maps://places/n284", NOBODY)).contents
        assert json.loads(one.text or "")["tags"]["cuisine"] == "coffee_shop"

    in_town(town, work)


def _corners(node: Any) -> Iterator[tuple[float, float]]:
    if isinstance(node, dict):
        for key in ("features", "geometry", "coordinates"):
            if key in node:
                yield from _corners(node[key])
    elif node and isinstance(node[0], float):
        yield node[0], node[1]
    else:
        for item in node:
            yield from _corners(item)


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("maps_nearby", {"where": "26.0, 62.5", "category": "cafe"}, "Latitude comes first, then longitude"),
        ("maps_nearby", {"where": "126.0, 62.5", "category": "cafe"}, r"Did you mean '62.5, 126'\?"),
        ("maps_nearby", {"where": "95, 200", "category": "cafe"}, "latitude is from -90 to 90"),
        ("maps_nearby", {"where": "48.1, 11.5", "category": "cafe"}, "No extract covers all of that; there is 'town'"),
        ("maps_nearby", {"where": "Town Station", "category": "coffe"}, "Did you mean coffee"),
        ("maps_geocode", {"query": "Atlantis"}, "Nothing in the extract 'town' is called 'Atlantis'"),
        ("maps_geocode", {"query": "!?"}, "no word to look for"),
        ("maps_route", {"start": "Town Station", "end": "n1000000"}, "No extract has a place n1000000"),
        ("maps_route", {"start": "Town Station", "end": "Town Station"}, "are the same"),
        ("maps_render", {}, "There is nothing to draw"),
        ("maps_render", {"result": "r77"}, "no answer 'r77'"),
        ("maps_meeting_point", {"people": ["Lakeside", "Town Station"], "category": "zoo"}, "There is no zoo within"),
        ("maps_overpass", {"query": "node(1,2,3,4);"}, "an extract does not speak Overpass QL"),
    ],
)
def test_mistakes_are_explained(town: Path, tool: str, arguments: dict[str, Any], said: str) -> None:
    async def work(host: Host) -> None:
        with pytest.raises(ToolError, match=said):
            await host.call(tool, arguments)

    in_town(town, work)


def test_with_no_extract_and_no_network_it_says_what_to_do() -> None:
    async def work() -> None:
        async with host_for(MODULE, OFFLINE) as host:
            for tool, arguments in TestContract.examples.items():
                if tool != "maps_load_extract":
                    with pytest.raises(ToolError, match=r"maps_load_extract|There is no answer"):
                        await host.call(tool, arguments)
            assert (await host.checks())["maps"] == "No extract is loaded; nothing is asked on the web."

    asyncio.run(work())


def test_the_fairest_place_is_between(town: Path) -> None:
    async def work(host: Host) -> None:
        people = ["Birch Street 1", "South Street"]
        found = (await host.call("maps_meeting_point", {"people": people, "category": "food"})).data
        slowest = [max(place["minutes"]) for place in found["places"]]
        assert slowest == sorted(slowest)
        every = (await host.call("maps_nearby", {"where": "Town Library", "category": "food"})).data["places"]
        times = (await host.call("maps_matrix", {"starts": people, "ends": [place["id"] for place in every]})).data
        assert slowest[0] == min(max(column) for column in zip(*times["minutes"], strict=True))

    in_town(town, work)


def test_along_the_route_is_in_the_order_of_coming_by(town: Path) -> None:
    async def work(host: Host) -> None:
        answer = await host.call(
            "maps_along_route", {"start": "Town Station", "end": "Lakeside", "category": "food", "detour": 150}
        )
        after = [place["after"] for place in answer.data["places"]]
        assert after == sorted(after)
        assert len(after) >= 2
        assert all(place["metres"] <= 150 for place in answer.data["places"])
        assert all(0 <= far <= answer.data["route_metres"] for far in after)

    in_town(town, work)


def test_explore_counts_what_nearby_finds(town: Path) -> None:
    async def work(host: Host) -> None:
        area = (await host.call("maps_explore", {"where": "Town Library", "radius": 600})).data
        counted = {group["group"]: group["count"] for group in area["groups"]}
        assert counted["food and drink"] == 4
        assert counted["culture"] == 2
        assert {place["name"] for place in area["notable"]} == {"Town Library", "Museum of Keys"}

    in_town(town, work)
