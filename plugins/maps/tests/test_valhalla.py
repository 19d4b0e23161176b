"""Valhalla over the centre of Helsinki: beside the built-in graph, held to the raw data, and failing in each way."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import json
import os
import random
import re
import shutil
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import osmium
import pytest
from mcp_agent_maps.atlas import local
from mcp_agent_maps.geometry import Point, metres
from mcp_agent_maps.routing.profiles import MODES, Mode, speeds
from mcp_agent_maps.town import write_town
from mcp_agent_maps.valhalla import engine as engines
from mcp_agent_maps.valhalla import tiles

from mcp_agent import Host, ToolError
from mcp_agent.callers import NoCaller
from mcp_agent.testing import host_for
from tests.real.osm import helsinki
from tests.real.valhalla import valhalla_folder

MODULE = "mcp_agent_maps"
BUILT_IN = "mcp_agent_maps"
EXTRACTS = Path("data", "plugins", "maps", "extracts")

pytestmark = pytest.mark.real


@pytest.fixture(scope="module", autouse=True)
def installed() -> Iterator[None]:
    """As if the extra were there: the host looks for it, and only the processes that it starts import it."""
    folder = str(valhalla_folder())
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [folder, os.environ.get("PYTHONPATH")])))
        yield
    assert "valhalla" not in sys.modules


def run(folder: Path | None, work: Callable[[Host], Awaitable[None]], **settings: Any) -> None:
    async def inside() -> None:
        async with host_for(MODULE, {"online": False, **settings}, folder=folder) as host:
            await work(host)

    asyncio.run(inside())


async def load(host: Host, path: Path, name: str = "city") -> Any:
    return (await host.call("maps_load_extract", {"path": str(path), "name": name})).data


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The city, loaded with its tiles."""
    folder = tmp_path_factory.mktemp("home")

    async def work(host: Host) -> None:
        loaded = await load(host, helsinki())
        assert loaded["engine"] == "Valhalla"
        assert "note" not in loaded

    run(folder, work)
    return folder


@pytest.fixture
def own_home(home: Path, tmp_path: Path) -> Path:
    """A copy, to break."""
    return Path(shutil.copytree(home, tmp_path / "home"))


# --- the raw data -------------------------------------------------------------------------------------------------


class Streets(NamedTuple):
    """What cars may do: pieces of way from node to node in the directions that are allowed, and turns that are not."""

    spots: dict[int, Point]
    allowed: dict[tuple[int, int], int]
    one_way: list[tuple[int, int]]
    forbidden: set[tuple[int, int, int]]
    """(way, node, way)."""


@pytest.fixture(scope="module")
def streets() -> Streets:
    found = Streets({}, {}, [], set())
    for one in osmium.FileProcessor(helsinki()).with_locations():
        tags = {tag.k: tag.v for tag in one.tags}
        if one.is_way() and "highway" in tags:  # type: ignore[union-attr]
            _read_way(found, one, tags)
        elif tags.get("restriction", "").startswith("no_") and not tags.keys() & _NOT_ALWAYS:
            _read_restriction(found, one)
    return found


_NOT_ALWAYS = {"except", "day_on", "hour_on"}
"""Valhalla is not told when one travels, and then takes rules of some hours for no rules."""


def _read_restriction(found: Streets, relation: Any) -> None:
    members = {one.role: one.ref for one in relation.members if (one.type == "n") == (one.role == "via")}
    if {"from", "via", "to"} <= members.keys():
        found.forbidden.add((members["from"], members["via"], members["to"]))


def _read_way(found: Streets, way: Any, tags: dict[str, str]) -> None:
    forward, backward = speeds("car", tags)
    for a, b in itertools.pairwise(way.nodes):
        if not a.location.valid() or not b.location.valid():
            continue
        found.spots.update({node.ref: Point(node.lat, node.lon) for node in (a, b)})
        if forward:
            found.allowed[a.ref, b.ref] = way.id
        if backward:
            found.allowed[b.ref, a.ref] = way.id
        if forward and not backward:
            found.one_way.append((a.ref, b.ref))


def travelled(streets: Streets, line: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The pieces of way on a route, where both ends are nodes."""
    known = {(round(spot.lon, 6), round(spot.lat, 6)): node for node, spot in streets.spots.items()}
    nodes = [known.get((round(lon, 6), round(lat, 6))) for lon, lat in line]
    return [(a, b) for a, b in itertools.pairwise(nodes) if a is not None and b is not None and a != b]


def middle(streets: Streets, a: int, b: int) -> str:
    one, other = streets.spots[a], streets.spots[b]
    return f"{(one.lat + other.lat) / 2:.6f}, {(one.lon + other.lon) / 2:.6f}"


async def ask(host: Host, tool: str, **arguments: Any) -> Any:
    """Its structured answer; None where there is no way."""
    try:
        return (await host.call(tool, arguments)).data
    except ToolError as error:
        if "no way" not in str(error):
            raise
        return None


async def drawn(host: Host, answer: Any) -> Any:
    """The coordinates of an answer's first feature, longitudes first."""
    [contents] = (await host.backend.read(f"maps://results/{answer['result']}", NoCaller("test"))).contents
    return json.loads(contents.text or "")["features"][0]["geometry"]["coordinates"]


def spots(streets: Streets, count: int) -> list[str]:
    """The middles of pieces of street somewhere in the city."""
    chance = random.Random(3)
    return [middle(streets, *piece) for piece in chance.sample(sorted(streets.allowed), count)]


def away(one: str, other: str) -> float:
    return metres(*(Point(*map(float, spot.split(", "))) for spot in (one, other)))


# --- as good as the built-in graph --------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_routes_are_about_as_long_as_those_of_the_built_in_graph(home: Path, streets: Streets, mode: Mode) -> None:
    chosen = spots(streets, 80)
    pairs = [pair for pair in zip(chosen[::2], chosen[1::2], strict=True) if away(*pair) > 500]
    found: dict[str, list[Any]] = {"auto": [], "built-in": []}

    for setting, answers in found.items():

        async def work(host: Host, answers: list[Any] = answers) -> None:
            for start, end in pairs:
                answers.append(await ask(host, "maps_route", start=start, end=end, profile=mode))

        run(home, work, engine=setting)
    both = [(a, b) for a, b in zip(found["auto"], found["built-in"], strict=True) if a and b]
    assert {b["engine"] for _, b in both} == {BUILT_IN}
    assert all("2019-04-21" in a["source"] and a["profile"] == mode for a, _ in both)
    ratios = [a["metres"] / b["metres"] for a, b in both if a["engine"] == "Valhalla"]
    assert len(ratios) >= 0.8 * len(both) > 12
    assert statistics.median(ratios) == pytest.approx(1, abs=0.05)
    # The two judge differently who may ride where: what one goes round, the other goes through.
    assert sum(0.75 < ratio < 1.35 for ratio in ratios) >= 0.7 * len(ratios), sorted(ratios)


def test_cars_keep_to_one_way_streets_and_forbidden_turns(home: Path, streets: Streets) -> None:
    """Asked for what they may not do: from the end of a one-way street to its beginning, and round each such corner."""
    chance = random.Random(5)
    wishes = [(middle(streets, b, c), middle(streets, a, b)) for (a, b), (_, c) in _joined(streets)]
    wishes = chance.sample(wishes, 25)
    around: dict[tuple[int, int], list[str]] = {}
    for (a, b), way in streets.allowed.items():
        for node in (a, b):
            around.setdefault((way, node), []).append(middle(streets, a, b))
    for begin, node, end in sorted(streets.forbidden):
        if (begin, node) in around and (end, node) in around:
            wishes.append((around[begin, node][0], around[end, node][-1]))
    pieces, turns, engines_used = set[tuple[int, int]](), set[tuple[int, int, int]](), []

    async def work(host: Host) -> None:
        for start, end in wishes:
            if start != end and (answer := await ask(host, "maps_route", start=start, end=end, profile="car")):
                engines_used.append(answer["engine"])
                if answer["engine"] == "Valhalla":
                    _note(streets, await drawn(host, answer), pieces, turns)

    run(home, work)
    assert engines_used.count("Valhalla") >= 30
    one_way = set(streets.one_way)
    assert len(pieces & one_way) > 50
    assert not {(b, a) for a, b in one_way} & pieces
    assert {(node, end) for _, node, end in streets.forbidden} & {(node, end) for _, node, end in turns}
    assert not streets.forbidden & turns


def _joined(streets: Streets) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Two pieces of one-way street in a row."""
    following = dict(streets.one_way)
    yield from ((piece, (piece[1], following[piece[1]])) for piece in streets.one_way if piece[1] in following)


def _note(
    streets: Streets, line: Sequence[Sequence[float]], pieces: set[tuple[int, int]], turns: set[tuple[int, int, int]]
) -> None:
    """What a route travels, as far as both ends of a piece are nodes, and from which way into which it turns."""
    on_way = travelled(streets, line)
    pieces.update(on_way)
    for (a, b), (c, d) in itertools.pairwise(on_way):
        if b == c and (a, b) in streets.allowed and (c, d) in streets.allowed:
            turns.add((streets.allowed[a, b], b, streets.allowed[c, d]))


def test_what_the_matrix_says_is_in_reach_is_in_the_area(
    home: Path, streets: Streets, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, *others = ["60.170500, 24.940500", *spots(streets, 60)]
    ends = [end for at in range(0, 60, 20) for end in others[at : at + 20]]
    minutes: list[float | None] = []
    areas: dict[str, Any] = {}

    async def work(host: Host) -> None:
        for at in range(0, 60, 20):
            matrix = await ask(host, "maps_matrix", starts=[start], ends=ends[at : at + 20])
            assert matrix["engine"] == "Valhalla"
            minutes.extend(matrix["minutes"][0])
        route = await ask(host, "maps_route", start=start, end=ends[0])
        assert route["minutes"] == pytest.approx(minutes[0], rel=0.1, abs=0.3)
        for size in (local._SMALL, 0):  # as it is, and as if the city were too large for the built-in graph
            monkeypatch.setattr(local, "_SMALL", size)
            area = await ask(host, "maps_isochrone", where=start, minutes=8)
            assert 0.2 < area["square_km"] < 2
            areas[area["engine"]] = await drawn(host, area)

    run(home, work)
    assert areas.keys() == {BUILT_IN, "Valhalla"}
    for engine, shapes in areas.items():
        near = [_inside(shapes, end) for end, time in zip(ends, minutes, strict=True) if time is not None and time < 7]
        far = [_inside(shapes, end) for end, time in zip(ends, minutes, strict=True) if time is None or time > 10]
        assert min(len(near), len(far)) >= 10, engine
        assert sum(near) >= 0.9 * len(near), engine
        assert sum(far) <= 0.1 * len(far), engine


def _inside(shapes: Any, spot: str) -> bool:
    y, x = map(float, spot.split(", "))
    crossings = 0
    for (ax, ay), (bx, by) in (edge for shape in shapes for ring in shape for edge in itertools.pairwise(ring)):
        crossings += (ay > y) != (by > y) and ax + (y - ay) / (by - ay) * (bx - ax) > x
    return bool(crossings % 2)


# --- tiles: whole or not there ------------------------------------------------------------------------------------

ENDS = {"start": "60.1680, 24.9400", "end": "60.1740, 24.9480"}


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


class InThread:
    """As much of a context as making tiles takes."""

    async def in_thread(self, work: Callable[[], Any]) -> Any:
        return await asyncio.to_thread(work)


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


# --- where Valhalla does not answer -------------------------------------------------------------------------------


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


def _peak_of_worker() -> float:
    """In megabytes, of the one that this process started."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    [mine] = [child for child in children if "worker.py" in Path(f"/proc/{child}/cmdline").read_text()]
    peak = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{mine}/status").read_text())
    assert peak is not None
    return int(peak[1]) / 1024


# --- figures ------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_figures(home: Path, tmp_path: Path, streets: Streets, capsys: pytest.CaptureFixture[str]) -> None:
    figures: dict[str, float] = {}
    chosen = spots(streets, 40)

    async def work(host: Host) -> None:
        for profile in MODES:
            await ask(host, "maps_route", **ENDS, profile=profile)
        times = []
        for number, (start, end) in enumerate(zip(chosen[::2], chosen[1::2], strict=True)):
            begun = time.perf_counter()
            await ask(host, "maps_route", start=start, end=end, profile=MODES[number % 3])
            times.append(time.perf_counter() - begun)
        figures[f"route of {setting}, ms"] = statistics.median(times) * 1000
        if setting == "auto":
            figures["process, MB"] = _peak_of_worker()

    for setting in ("auto", "built-in"):
        run(home, work, engine=setting)
    begun = time.perf_counter()
    program = tiles.builder()
    assert program is not None
    asyncio.run(tiles.make_tiles(InThread(), program, helsinki(), tmp_path / "made", lambda share, what: None))
    figures["tiles, s"] = time.perf_counter() - begun
    found = [path.stat().st_size for path in (tmp_path / "made").rglob("*.gph")]
    figures["tiles, kB"] = sum(found) / 1000
    with capsys.disabled():
        sys.stdout.write(f"\n{ {name: round(value, 1) for name, value in figures.items()} }\n")
    assert figures["process, MB"] < 300
    assert figures["tiles, kB"] < 3000
    # On a busy machine an answer waits for its turn in two processes.
    assert figures["route of auto, ms"] < 20 * figures["route of built-in, ms"] + 50
