"""Routes in the town, where one can count the blocks."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from mcp_agent_maps.town import BLOCK, write_town

from mcp_agent.callers import NoCaller
from mcp_agent.testing import host_for

MODULE = "mcp_agent_maps"


async def _route(host: Any, start: str, end: str, profile: str, **more: Any) -> Any:
    return (await host.call("maps_route", {"start": start, "end": end, "profile": profile, **more})).data


def test_the_town(tmp_path: Path) -> None:
    town = tmp_path / "town.osm.pbf"
    write_town(town)

    async def work() -> None:
        async with host_for(MODULE, {"online": False}) as host:
            await host.call("maps_load_extract", {"path": str(town)})
            # High Street, half a block before Market Road; and Market Road, half a block beyond High Street.
            before, beyond = "62.500495, 25.998929", "62.5, 26.0"
            straight = await _route(host, before, beyond, "foot")
            assert [step["text"] for step in straight["steps"]][1] == "Turn right into Market Road"
            driven = await _route(host, before, beyond, "car")
            assert "Turn right into Market Road" not in [step["text"] for step in driven["steps"]][:2]
            assert driven["metres"] > straight["metres"] + BLOCK
            # Garden Road is one way, to the south.
            north, south = "62.5020, 25.9957194", "62.4980, 25.9957194"
            down, up = await _route(host, north, south, "car"), await _route(host, south, north, "car")
            assert [step["text"] for step in down["steps"]] == ["Head south along Garden Road", "You have arrived"]
            assert up["metres"] >= down["metres"] + 2 * BLOCK - 5
            assert (await _route(host, south, north, "foot"))["metres"] == down["metres"]
            # Church Street is for feet.
            west, east = "62.49951, 25.9950", "62.49951, 26.0050"
            assert len((await _route(host, west, east, "foot"))["steps"]) == 2
            assert len((await _route(host, west, east, "car"))["steps"]) > 2
            # By way of somewhere else it is longer.
            far = await _route(host, north, south, "foot", via=["Museum of Keys"])
            assert far["metres"] > down["metres"] + 4 * BLOCK
            assert (down["engine"], down["profile"]) == ("mcp_agent_maps", "car")

    asyncio.run(work())


def test_what_is_reached_grows_with_the_time_and_is_really_reached(tmp_path: Path) -> None:
    town = tmp_path / "town.osm.pbf"
    write_town(town)

    async def work() -> None:
        async with host_for(MODULE, {"online": False}) as host:
            await host.call("maps_load_extract", {"path": str(town)})
            areas = []
            for minutes in (1, 2, 4):
                area = (await host.call("maps_isochrone", {"where": "Town Library", "minutes": minutes})).data
                assert area["furthest_metres"] <= minutes * 5000 / 60 + 1
                areas.append((area["square_km"], area["street_km"]))
                [contents] = (await host.backend.read(f"maps://results/{area['result']}", NoCaller("test"))).contents
                [outer, *_] = json.loads(contents.text or "")["features"][0]["geometry"]["coordinates"]
                for lon, lat in outer[0][:: max(1, len(outer[0]) // 12)]:
                    route = await _route(host, "Town Library", f"{lat}, {lon}", "foot")
                    # The outline lies 30 m beside the streets, and there another one may be nearer.
                    assert route["minutes"] <= minutes + 1
            assert areas == sorted(areas)

    asyncio.run(work())
