"""The services on the web beside the extract: who is asked, and in what order."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from mcp_agent_maps.town import write_town

from mcp_agent import Host, ToolError
from mcp_agent.testing import host_for
from plugins.maps.tests.web_services import MODULE, World, online, services


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
