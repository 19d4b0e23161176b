"""Taking in extracts: all that is in them."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections import Counter
from pathlib import Path

import osmium
import pytest
from mcp_agent_maps.extract.build import build
from mcp_agent_maps.extract.reader import Extract
from mcp_agent_maps.town import write_town

from mcp_agent.testing import host_for
from plugins.maps.tests.extracts import MODULE, OFFLINE, quietly
from tests.real.osm import helsinki


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Extract:
    made = tmp_path_factory.mktemp("city") / "helsinki.sqlite3"
    build(helsinki(), made, quietly, threading.Event())
    return Extract("helsinki", made)


@pytest.mark.real
def test_everything_that_osmium_counts_is_there(city: Extract) -> None:
    counted: Counter[str] = Counter()
    for found in osmium.FileProcessor(helsinki()):
        if "amenity" in found.tags:
            counted[found.type_str()] += 1
    assert counted == {"n": 1006, "w": 83, "r": 2}  # 1,089 nodes and ways
    rows = city.rows(
        "select substr(osm, 1, 1), count(distinct place) from kinds join places on id = place"
        " where key = 'amenity' group by 1"
    )
    assert dict(rows) == counted


@pytest.mark.real
def test_each_kind_is_found_whole_by_nearby() -> None:
    """Through the tool: all of them, nodes, ways and relations."""
    kinds = [("amenity", "restaurant"), ("shop", "clothes"), ("tourism", "hotel"), ("railway", "tram_stop")]
    expected: dict[tuple[str, str], set[str]] = {kind: set() for kind in kinds}
    for found in osmium.FileProcessor(helsinki()):
        for key, value in kinds:
            if value in found.tags.get(key, "").split(";"):
                expected[key, value].add(f"{found.type_str()}{found.id}")

    async def work() -> None:
        async with host_for(MODULE, OFFLINE) as host:
            await host.call("maps_load_extract", {"path": str(helsinki()), "name": "city"})
            for (key, value), wanted in expected.items():
                asked = {"where": "60.1716, 24.9443", "category": f"{key}={value}", "radius": 5000, "limit": 50}
                found = (await host.call("maps_nearby", asked)).data
                ids = {place["id"] for place in found["places"]}
                assert len(ids) + found.get("more", 0) == len(wanted) > 10
                assert ids <= wanted

    asyncio.run(work())


@pytest.mark.real
def test_the_centre_of_a_way_is_within_it(city: Extract) -> None:
    boxes = {}
    for way in osmium.FileProcessor(helsinki()).with_locations():
        if way.is_way() and "amenity" in way.tags:
            nodes = [node for node in way.nodes if node.location.valid()]
            lats, lons = [node.lat for node in nodes], [node.lon for node in nodes]
            boxes[f"w{way.id}"] = (min(lats), max(lats), min(lons), max(lons))
    rows = city.rows("select distinct osm, lat, lon from places join kinds on place = id where key = 'amenity'")
    ways = [row for row in rows if row[0] in boxes]
    assert len(ways) == 83
    for osm, lat, lon in ways:
        south, north, west, east = boxes[osm]
        assert south <= lat <= north, osm
        assert west <= lon <= east, osm


@pytest.mark.real
def test_every_metre_of_street_is_in_one_segment(city: Extract) -> None:
    """The nodes of the segments of a way, one after the other, are the nodes of the way."""
    for way in osmium.FileProcessor(helsinki()).with_locations():
        if not way.is_way() or way.tags.get("highway") not in ("residential", "primary", "footway"):
            continue
        segments = city.rows("select a, b from segments where way = ? order by id", (way.id,))
        nodes = [node.ref for node in way.nodes if node.location.valid()]
        if len(nodes) == len(way.nodes) and segments:
            assert [segments[0][0], segments[-1][1]] == [nodes[0], nodes[-1]]
            assert all(first[1] == second[0] for first, second in itertools.pairwise(segments))


def test_the_town_is_always_the_same(tmp_path: Path) -> None:
    write_town(tmp_path / "a.osm.pbf")
    write_town(tmp_path / "b.osm.pbf")
    assert (tmp_path / "a.osm.pbf").read_bytes() == (tmp_path / "b.osm.pbf").read_bytes()
