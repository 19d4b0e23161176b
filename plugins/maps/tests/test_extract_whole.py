"""Taking in extracts: nothing half, however it ends."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from mcp_agent_maps.extract import build as building
from mcp_agent_maps.extract.build import STEPS, Stopped, build
from mcp_agent_maps.extract.reader import Extract
from mcp_agent_maps.extract.source import BadExtract
from mcp_agent_maps.town import write_town

from mcp_agent import ToolError
from mcp_agent.testing import host_for
from plugins.maps.tests.extracts import MODULE, OFFLINE, files, quietly
from plugins.maps.tests.test_extract_replaced import known


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
