"""Routes from servers: OSRM and Valhalla, in the forms they document."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcp_agent_maps.geometry import Point
from mcp_agent_maps.valhalla.dialect import decode_line

from mcp_agent import Host, ToolError
from plugins.maps.tests.web_services import World, online


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
