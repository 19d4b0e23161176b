"""Tiles of Valhalla: whole or not there."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from mcp_agent_maps.town import write_town
from mcp_agent_maps.valhalla import tiles

from mcp_agent import Host, ToolError
from plugins.maps.tests.valhalla.city import BUILT_IN, ENDS, EXTRACTS, InThread, ask, load, run
from tests.real.osm import helsinki

pytestmark = pytest.mark.real


def tile_folders(home: Path) -> list[str]:
    return sorted(path.name for path in (home / EXTRACTS / "tiles").iterdir())


def test_each_extract_has_its_tiles_and_undo_brings_both_back(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    town_file = Path("town.osm.pbf")
    write_town(town_file)

    async def work(host: Host) -> None:
        [city] = tile_folders(own_home)
        assert (await load(host, town_file))["engine"] == "Valhalla"
        [town] = set(tile_folders(own_home)) - {city}
        made = (own_home / EXTRACTS / "tiles" / town).stat().st_mtime_ns
        route = await ask(host, "maps_route", start="Town Station", end="Museum of Keys", profile="car")
        assert route["engine"] == "Valhalla"
        assert (await host.undo()).stopped is None
        assert (await ask(host, "maps_route", **ENDS))["engine"] == "Valhalla"
        # Those that no index needs any more, and what a dead builder left, go with a load. Good ones are not made anew.
        left = own_home / EXTRACTS / "tiles" / ".making-dead"
        left.mkdir()
        os.utime(left, (1, 1))
        assert (await load(host, town_file))["engine"] == "Valhalla"
        assert set(tile_folders(own_home)) == {city, town}
        for kept in (own_home / EXTRACTS / "kept").iterdir():
            kept.unlink()
        assert (await load(host, town_file))["engine"] == "Valhalla"
        assert tile_folders(own_home) == [town]
        assert (own_home / EXTRACTS / "tiles" / town).stat().st_mtime_ns == made

    run(own_home, work)
    assert {path.name for path in tmp_path.iterdir()} == {"home", "town.osm.pbf"}


def test_a_build_that_is_cancelled_leaves_nothing_half(tmp_path: Path) -> None:
    made = tmp_path / EXTRACTS / "tiles"

    async def work(host: Host) -> None:
        loading = asyncio.create_task(load(host, helsinki()))
        while not list(made.glob(f"{tiles._SCRATCH}*/tiles/*.bin")):  # the builder is at it
            assert not loading.done()
            await asyncio.sleep(0.001)
        loading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await loading
        assert not list(made.iterdir())
        route = await ask(host, "maps_route", **ENDS)
        assert route["engine"] == BUILT_IN
        assert "Valhalla has no tiles of 'city'" in route["note"]

    run(tmp_path, work)


def test_where_tiles_cannot_be_made_the_load_says_so_and_the_town_is_there(tmp_path: Path) -> None:
    (tmp_path / EXTRACTS).mkdir(parents=True)
    (tmp_path / EXTRACTS / "tiles").write_text("a file where a folder should be")
    write_town(tmp_path / "town.osm.pbf")

    async def work(host: Host) -> None:
        loaded = await load(host, tmp_path / "town.osm.pbf")
        assert loaded["engine"] == BUILT_IN
        assert "could not be written" in loaded["note"]
        assert (await ask(host, "maps_route", start="Town Station", end="Museum of Keys"))["engine"] == BUILT_IN

    run(tmp_path, work)


def test_a_builder_that_fails_is_said(tmp_path: Path) -> None:
    (tmp_path / "cut.osm.pbf").write_bytes(helsinki().read_bytes()[:300_000])
    program = tiles.builder()
    assert program is not None
    made = tiles.make_tiles(
        InThread(), program, tmp_path / "cut.osm.pbf", tmp_path / "tiles" / "it", lambda share, what: None
    )
    with pytest.raises(ToolError, match="its builder ended with"):
        asyncio.run(made)
    assert not list((tmp_path / "tiles").iterdir())
