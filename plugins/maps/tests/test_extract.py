"""Taking in extracts: all that is in them, nothing half, and back again."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import osmium
import pytest
from mcp_agent_maps.extract import build as building
from mcp_agent_maps.extract.build import STEPS, Stopped, build
from mcp_agent_maps.extract.reader import Extract
from mcp_agent_maps.extract.source import BadExtract
from mcp_agent_maps.town import write_town

from mcp_agent import Host, ToolError
from mcp_agent.callers import NoCaller
from mcp_agent.testing import host_for
from tests.real.osm import helsinki

MODULE = "mcp_agent_maps"
OFFLINE = {"online": False}


def quietly(done: float, total: float, what: str) -> None:
    """Nobody wants to know."""


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


def damaged(kind: str, whole: bytes) -> bytes:
    return {
        "empty": b"",
        "a web page": b"<html><title>Not found</title></html>" * 50,
        "cut off": whole[: len(whole) * 2 // 3],
        "cut off in its head": whole[:60],
        "zeros in the middle": whole[:200] + bytes(400) + whole[600:],
        "xml": b'<?xml version="1.0"?><osm version="0.6"><node id="1" lat="1" lon="1"/></osm>',
    }[kind]


@pytest.mark.parametrize(
    "kind", ["empty", "a web page", "cut off", "cut off in its head", "zeros in the middle", "xml"]
)
def test_what_is_no_whole_extract_is_refused_and_leaves_nothing(kind: str, tmp_path: Path) -> None:
    async def work() -> None:
        good, bad = tmp_path / "town.osm.pbf", tmp_path / "bad.osm.pbf"
        write_town(good)
        bad.write_bytes(damaged(kind, good.read_bytes()))
        async with host_for(MODULE, OFFLINE, folder=tmp_path / "home") as host:
            await host.call("maps_load_extract", {"path": str(good), "name": "home"})
            before = files(tmp_path / "home")
            with pytest.raises(ToolError, match=r"bad\.osm\.pbf (is not a whole|holds nothing).*[Dd]ownload it again"):
                await host.call("maps_load_extract", {"path": str(bad), "name": "home"})
            assert files(tmp_path / "home") == before
            assert (await host.call("maps_geocode", {"query": "Lakeside"})).data["places"]

    asyncio.run(work())


def files(home: Path) -> set[str]:
    folder = home / "data" / "plugins" / "maps" / "extracts"
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("name", "said"), [("../up", "no name for an extract"), ("a b", "no name"), ("x" * 41, "name")]
)
def test_a_name_cannot_lead_elsewhere(name: str, said: str, tmp_path: Path) -> None:
    async def work() -> None:
        write_town(tmp_path / "town.osm.pbf")
        async with host_for(MODULE, OFFLINE, folder=tmp_path) as host:
            with pytest.raises(ToolError, match=said):
                await host.call("maps_load_extract", {"path": str(tmp_path / "town.osm.pbf"), "name": name})
            with pytest.raises(ToolError, match="cannot be read: No such file"):
                await host.call("maps_load_extract", {"path": str(tmp_path / "other.osm.pbf")})

    asyncio.run(work())


KILLED = r"""
import sys, threading, time
from pathlib import Path
from mcp_agent_maps.extract import build as building
def tell(done, total, what):
    if what == sys.argv[3]:
        sys.stdout.write("there\n"); sys.stdout.flush(); time.sleep(60)
building.build(Path(sys.argv[1]), Path(sys.argv[2]), tell, threading.Event())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9 on Windows")
@pytest.mark.parametrize("step", ["places", "streets", "names"])
def test_a_build_that_was_killed_goes_on_and_comes_to_the_same(step: str, tmp_path: Path) -> None:
    source, made, straight = tmp_path / "town.osm.pbf", tmp_path / "made.sqlite3", tmp_path / "straight.sqlite3"
    write_town(source)
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(source), str(made), step], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        os.kill(process.pid, signal.SIGKILL)
    assert not made.exists()
    names = [name for name, _ in STEPS]
    told: list[str] = []
    assert build(source, made, lambda done, total, what: told.append(what), threading.Event())
    assert set(names[: names.index(step)]).isdisjoint(told)  # not done again
    assert set(names[names.index(step) :]) & set(told)
    build(source, straight, quietly, threading.Event())
    assert content(made) == content(straight)
    assert {path.name for path in tmp_path.iterdir()} == {"town.osm.pbf", "made.sqlite3", "straight.sqlite3"}


def content(path: Path) -> dict[str, list[Any]]:
    connection = sqlite3.connect(path)
    tables = ("facts", "places", "kinds", "places_box", "shapes", "segments", "turns", "barriers", "steps")
    try:
        found = {table: sorted(connection.execute(f"select * from {table}").fetchall()) for table in tables}
        found["words"] = connection.execute("select rowid from names where names match 'lake*'").fetchall()
        return found
    finally:
        connection.close()


def test_progress_grows_to_the_end_and_stopping_keeps_what_is_done(tmp_path: Path) -> None:
    source, made = tmp_path / "town.osm.pbf", tmp_path / "made.sqlite3"
    write_town(source)
    stop = threading.Event()

    def stop_at_streets(done: float, total: float, what: str) -> None:
        if what == "shapes":
            stop.set()

    with pytest.raises(Stopped):
        build(source, made, stop_at_streets, stop)
    assert not made.exists()
    told: list[tuple[float, float, str]] = []
    assert build(source, made, lambda *said: told.append(said), threading.Event()), "it did not go on"
    values = [done for done, _, _ in told]
    assert values == sorted(values)
    assert told[-1][0] == told[-1][1] == len(STEPS)


def test_who_cancels_the_call_stops_the_work_and_can_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_town(tmp_path / "town.osm.pbf")
    endless, ended = threading.Event(), threading.Event()

    def streets(work: building.Work) -> None:
        endless.set()
        try:
            for _ in work.watched(itertools.count()):
                pass
        finally:
            ended.set()

    steps = [(name, streets if name == "streets" else step) for name, step in STEPS]

    async def work() -> None:
        async with host_for(MODULE, OFFLINE, folder=tmp_path) as host:
            with monkeypatch.context() as patch:
                patch.setattr(building, "STEPS", steps)
                call = asyncio.ensure_future(host.call("maps_load_extract", {"path": str(tmp_path / "town.osm.pbf")}))
                assert await asyncio.to_thread(endless.wait, 30)
                call.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await call
                assert await asyncio.to_thread(ended.wait, 30), "the thread goes on for ever"
            assert await known(host) == []
            loaded = (await host.call("maps_load_extract", {"path": str(tmp_path / "town.osm.pbf")})).data
            assert loaded["resumed"]
            assert loaded["places"] == 81

    asyncio.run(work())


def test_a_disk_that_is_full_is_told_and_nothing_is_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, made = tmp_path / "town.osm.pbf", tmp_path / "made.sqlite3"
    write_town(source)
    real = building.sqlite3.connect

    def small(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = real(*arguments, **options)
        connection.execute("pragma max_page_count = 30")  # SQLite's own way of being full
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(building.sqlite3, "connect", small)
        with pytest.raises(
            ToolError, match=r"could not be written: database or disk is full.*goes on from where it was"
        ):
            build(source, made, quietly, threading.Event())
    assert not made.exists()
    assert build(source, made, quietly, threading.Event())
    assert Extract("town", made).places == 81


def test_a_file_that_changed_is_begun_anew(tmp_path: Path) -> None:
    source, made = tmp_path / "town.osm.pbf", tmp_path / "made.sqlite3"
    write_town(source)
    whole = source.read_bytes()
    stop = threading.Event()
    with pytest.raises(Stopped):
        build(source, made, lambda done, total, what: stop.set() if what == "shapes" else None, stop)
    source.write_bytes(whole[:-30])
    with pytest.raises(BadExtract):
        build(source, made, quietly, threading.Event())
    source.write_bytes(whole)
    assert build(source, made, quietly, threading.Event())


async def known(host: Host) -> list[str]:
    [contents] = (await host.backend.read("maps://extracts", NoCaller("test"))).contents
    return [f"{one['name']} {one['places']}" for one in json.loads(contents.text or "[]")]


@pytest.mark.real
def test_undo_puts_back_the_extract_that_was_there(tmp_path: Path) -> None:
    town = tmp_path / "town.osm.pbf"
    write_town(town)

    async def work() -> None:
        async with host_for(MODULE, OFFLINE, folder=tmp_path) as host:
            await host.call("maps_load_extract", {"path": str(town), "name": "home"})
            await host.call("maps_load_extract", {"path": str(helsinki()), "name": "home"})
            assert await known(host) == ["home 2983"]
            assert (await host.call("maps_geocode", {"query": "Ateneum"})).data["places"]
            assert (await host.undo()).stopped is None
            assert await known(host) == ["home 81"]
            assert (await host.call("maps_geocode", {"query": "Lakeside"})).data["places"]
            assert (await host.undo()).stopped is None
            assert await known(host) == []

    asyncio.run(work())


def test_an_index_that_was_damaged_is_told_and_replaced(tmp_path: Path) -> None:
    town = tmp_path / "town.osm.pbf"
    write_town(town)

    async def work() -> None:
        async with host_for(MODULE, OFFLINE, folder=tmp_path) as host:
            await host.call("maps_load_extract", {"path": str(town)})
        [index] = (tmp_path / "data" / "plugins" / "maps" / "extracts").glob("*.sqlite3")
        index.write_bytes(b"not a database at all" * 100)
        async with host_for(MODULE, OFFLINE, folder=tmp_path) as host:
            assert await known(host) == []
            assert "Not readable: town" in (await host.checks())["maps"]
            await host.call("maps_load_extract", {"path": str(town)})
            assert await known(host) == ["town 81"]
            assert "town (data of 2026-01-01)" in (await host.checks())["maps"]

    asyncio.run(work())


def test_a_host_that_keeps_nothing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    town = tmp_path / "town.osm.pbf"
    write_town(town)
    kept = tmp_path / "temporary"
    kept.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(kept))

    async def work() -> None:
        async with host_for(MODULE, OFFLINE) as host:
            await host.call("maps_load_extract", {"path": str(town)})
            assert any(kept.rglob("*.sqlite3"))

    asyncio.run(work())
    assert list(kept.iterdir()) == []
    shutil.rmtree(kept)


def test_an_answer_that_is_under_way_when_its_extract_is_replaced_says_so(tmp_path: Path) -> None:
    write_town(tmp_path / "town.osm.pbf")
    build(tmp_path / "town.osm.pbf", tmp_path / "made.sqlite3", quietly, threading.Event())
    extract = Extract("town", tmp_path / "made.sqlite3")
    extract.close()
    with pytest.raises(ToolError, match=r"has just been replaced. Ask again"):
        extract.rows("select 1")


def test_the_town_is_always_the_same(tmp_path: Path) -> None:
    write_town(tmp_path / "a.osm.pbf")
    write_town(tmp_path / "b.osm.pbf")
    assert (tmp_path / "a.osm.pbf").read_bytes() == (tmp_path / "b.osm.pbf").read_bytes()
