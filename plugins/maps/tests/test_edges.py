"""At the edges: the 180th meridian, hours that change in another season, times that hardly are any."""

from __future__ import annotations

from pathlib import Path

import osmium
import pytest
from mcp_agent_maps.geometry import Point, metres, middle_of
from mcp_agent_maps.places.place import Place
from mcp_agent_maps.tools.shown import Zone, shown
from osmium.osm import mutable

from mcp_agent import Host, ToolError
from plugins.maps.tests.test_maps import in_town, names

CAFES = {"West": (179.996, -17.0), "On the line": (180.0, -17.001), "East": (-179.996, -17.0), "Far": (-179.9, -17.0)}


@pytest.fixture(scope="module")
def island(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cafes and a street on both sides of the 180th meridian."""
    path = tmp_path_factory.mktemp("island") / "island.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for number, (name, location) in enumerate(CAFES.items(), 1):
            writer.add_node(mutable.Node(id=number, location=location, tags={"amenity": "cafe", "name": name}))
        for number, lon in ((11, 179.99), (12, 179.999)):
            writer.add_node(mutable.Node(id=number, location=(lon, -17.002)))
        writer.add_way(mutable.Way(id=1, nodes=[11, 12], tags={"highway": "residential", "name": "Meridian Road"}))
    return path


@pytest.mark.parametrize("where", ["-17, 179.999", "-17, -179.999", "-17, 180", "-17, -180"])
def test_what_is_near_is_found_across_the_180th_meridian(island: Path, where: str) -> None:
    async def work(host: Host) -> None:
        assert sorted(await names(host, "maps_nearby", where=where, category="cafe")) == ["East", "On the line", "West"]

    in_town(island, work)


def test_the_middle_is_between_people_on_both_sides() -> None:
    people = [Point(-17.0, 179.9), Point(-17.0, -179.9)]
    middle = middle_of(people)
    assert all(metres(middle, one) < 11_000 for one in people)
    assert middle_of([Point(60.0, 24.0), Point(62.0, 26.0)]) == Point(61.0, 25.0)


@pytest.mark.parametrize(
    ("hours", "until"),
    [("May-Sep 10:00-18:00", "Sat 2027-05-01 10:00"), ("Mo-Fr 10:00-18:00", "Mon 10:00")],
)
def test_a_day_of_the_week_is_the_next_one(hours: str, until: str) -> None:
    from datetime import UTC, datetime

    zone = Zone("Europe/Helsinki", "FI", datetime(2026, 11, 21, 12, tzinfo=UTC))
    place = Place("n1", "Beach bar", Point(60.0, 24.0), {"amenity": "bar", "opening_hours": hours})
    found = shown(place, zone)
    assert (found.open, found.until) == (False, until)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:00-12:00", "0001-01-01T00:00:00"])
def test_a_year_without_opening_hours_is_refused(island: Path, at: str) -> None:
    async def work(host: Host) -> None:
        with pytest.raises(ToolError, match="Nobody knows what is open in the year"):
            await host.call("maps_nearby", {"where": "-17, 180", "category": "cafe", "at": at})

    in_town(island, work)
