"""Where Valhalla does not answer, the built-in graph does."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
from pathlib import Path

import pytest
from mcp_agent_maps.town import write_town
from mcp_agent_maps.valhalla import engine as engines

from mcp_agent import Host
from plugins.maps.tests.valhalla.city import BUILT_IN, ENDS, EXTRACTS, ask, load, run
from tests.real.valhalla import valhalla_folder

pytestmark = pytest.mark.real


def test_without_the_extra_nothing_is_said_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [folder for folder in sys.path if folder != str(valhalla_folder())])
    write_town(tmp_path / "town.osm.pbf")

    async def work(host: Host) -> None:
        loaded = await load(host, tmp_path / "town.osm.pbf")
        assert loaded["engine"] == BUILT_IN
        assert "note" not in loaded
        route = await ask(host, "maps_route", start="Town Station", end="Museum of Keys")
        assert route["engine"] == BUILT_IN
        assert "note" not in route

    run(None, work)


def test_damaged_tiles_and_a_dead_process_cost_an_answer_of_valhalla_only(own_home: Path) -> None:
    async def work(host: Host) -> None:
        engine = next(one for one in gc.get_objects() if isinstance(one, engines.Engine) and one is not None)
        assert (await ask(host, "maps_route", **ENDS))["engine"] == "Valhalla"
        process = engine._process
        assert process is not None
        process.kill()
        await process.wait()
        assert (await ask(host, "maps_route", **ENDS))["engine"] == "Valhalla"  # from a new one
        for tile in (own_home / EXTRACTS / "tiles").rglob("*.gph"):
            tile.write_bytes(b"no tile at all")
        assert engine._process is not None
        engine._process.kill()
        await engine._process.wait()
        answer = await ask(host, "maps_route", **ENDS)
        assert answer["engine"] == BUILT_IN
        assert "So the built-in graph was asked." in answer["note"]

    run(own_home, work)


def test_a_search_without_end_is_ended(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("import time\ntime.sleep(1000)\n")
    monkeypatch.setattr(engines, "WORKER", endless)
    monkeypatch.setattr(engines, "_SECONDS", 0.3)

    async def work(host: Host) -> None:
        answer = await ask(host, "maps_route", **ENDS)
        assert answer["engine"] == BUILT_IN
        assert "no answer within" in answer["note"]
        loop = asyncio.create_task(ask(host, "maps_route", **ENDS))
        await asyncio.sleep(0.1)
        loop.cancel()
        with pytest.raises(asyncio.CancelledError):
            await loop

    run(home, work)
    assert str(endless) not in _commands()


def _commands() -> str:
    if sys.platform != "linux":
        return ""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # gone by now
            found.append((process / "cmdline").read_text())
    return "\n".join(found)
