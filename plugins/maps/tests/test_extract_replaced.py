"""Extracts that are replaced, damaged, or put back by undo."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from pathlib import Path

import pytest
from mcp_agent_maps.extract.build import build
from mcp_agent_maps.extract.reader import Extract
from mcp_agent_maps.town import write_town

from mcp_agent import Host, ToolError
from mcp_agent.callers import NoCaller
from mcp_agent.testing import host_for
from plugins.maps.tests.extracts import MODULE, OFFLINE, quietly
from tests.real.osm import helsinki


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
