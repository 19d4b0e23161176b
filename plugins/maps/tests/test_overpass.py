"""Places from Overpass: what is sent, what comes back, and what it may do wrong."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from mcp_agent_maps.online.overpass import checked

from mcp_agent import Host, ToolError
from plugins.maps.tests.web_services import NEARBY, World, online


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
