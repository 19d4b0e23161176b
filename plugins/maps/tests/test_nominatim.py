"""Names of places from Nominatim, asked as it wants to be asked."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path

import pytest

from mcp_agent import VERSION, Host, ToolError
from mcp_agent.testing import host_for
from plugins.maps.tests.web_services import MODULE, World, online, services


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
