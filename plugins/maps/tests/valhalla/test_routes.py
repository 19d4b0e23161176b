"""Routes of Valhalla: as good as those of the built-in graph, and held to the raw data."""

from __future__ import annotations

import itertools
import json
import random
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from mcp_agent_maps.atlas import local
from mcp_agent_maps.geometry import Point, metres
from mcp_agent_maps.routing.profiles import MODES, Mode

from mcp_agent import Host
from mcp_agent.callers import NoCaller
from plugins.maps.tests.valhalla.city import BUILT_IN, ask, run
from plugins.maps.tests.valhalla.streets import Streets, middle, spots, travelled

pytestmark = pytest.mark.real


async def drawn(host: Host, answer: Any) -> Any:
    """The coordinates of an answer's first feature, longitudes first."""
    [contents] = (await host.backend.read(f"maps://results/{answer['result']}", NoCaller("test"))).contents
    return json.loads(contents.text or "")["features"][0]["geometry"]["coordinates"]


def away(one: str, other: str) -> float:
    return metres(*(Point(*map(float, spot.split(", "))) for spot in (one, other)))


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
