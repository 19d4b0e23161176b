"""Pictures: what is where on them, pixel by pixel."""

from __future__ import annotations

import asyncio
import io
import math
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcp_agent_maps.extract.build import build
from mcp_agent_maps.extract.reader import Extract
from mcp_agent_maps.geometry import METRES_A_DEGREE, Point
from mcp_agent_maps.render import style
from mcp_agent_maps.render.canvas import SHARPNESS, Canvas
from mcp_agent_maps.render.coast import Frame, draw_sea, joined
from mcp_agent_maps.render.picture import draw_map
from mcp_agent_maps.town import BLOCK, MIDDLE, write_town
from PIL import Image as Pictures

from mcp_agent.testing import host_for
from tests.real.osm import helsinki

Colour = tuple[int, int, int]
SIZE = (800, 600)


def opened(png: bytes) -> Any:
    picture = Pictures.open(io.BytesIO(png))
    picture.load()
    return picture.convert("RGB")


def near(one: Colour, other: Colour) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 12


def at(picture: Any, centre: Point, across: float, point: Point) -> Colour:
    """The colour at a point of the world, found without the plugin's own projection: over a kilometre it is a plane."""
    scale = SIZE[0] / across
    x = SIZE[0] / 2 + (point.lon - centre.lon) * METRES_A_DEGREE * math.cos(math.radians(centre.lat)) * scale
    y = SIZE[1] / 2 - (point.lat - centre.lat) * METRES_A_DEGREE * scale
    found: Colour = picture.getpixel((round(x), round(y)))
    return found


def in_town(east: float, south: float) -> Point:
    lon = MIDDLE.lon + (east - 3.0) * BLOCK / METRES_A_DEGREE / math.cos(math.radians(MIDDLE.lat))
    return Point(MIDDLE.lat - (south - 2.5) * BLOCK / METRES_A_DEGREE, lon)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Extract:
    folder = tmp_path_factory.mktemp("town")
    write_town(folder / "town.osm.pbf")
    build(folder / "town.osm.pbf", folder / "made.sqlite3", lambda done, total, what: None, threading.Event())
    return Extract("town", folder / "made.sqlite3")


def test_everything_is_where_it_belongs(town: Extract) -> None:
    picture = opened(draw_map(town, MIDDLE, 700, SIZE, []))
    assert picture.size == SIZE
    seen = {
        "a house": (in_town(2.29, 2.2), style.BUILDING),
        "the pond": (in_town(4.7, 4.4), style.WATER),
        "the park": (in_town(4.2, 4.75), style.AREAS["park"]),
        "High Street": (in_town(1.4, 2.0), style.ROADS["secondary"].colour),
        "Mill Street": (in_town(4.5, 1.0), style.ROADS["residential"].colour),
        "the river": (in_town(0.6, 3.5), style.WATER),
        "between": (in_town(3.5, 4.8), style.AREAS["built"]),
    }
    for what, (point, colour) in seen.items():
        assert near(at(picture, MIDDLE, 700, point), colour), f"{what}: {at(picture, MIDDLE, 700, point)}"


def test_beyond_the_extract_the_paper_is_bare(town: Extract) -> None:
    picture = opened(draw_map(town, MIDDLE, 8000, SIZE, []))
    assert near(picture.getpixel((20, 20)), style.PAPER)
    assert not near(at(picture, MIDDLE, 8000, in_town(3.5, 4.6)), style.PAPER)


def test_a_route_a_mark_and_an_area_lie_over_the_map(tmp_path: Path) -> None:
    write_town(tmp_path / "town.osm.pbf")

    async def work() -> None:
        async with host_for("mcp_agent_maps", {"online": False}) as host:
            await host.call("maps_load_extract", {"path": str(tmp_path / "town.osm.pbf")})
            ends = {"start": "62.500495, 25.9935", "end": "62.500495, 26.0065"}  # along High Street
            await host.call("maps_route", ends)
            await host.call("maps_isochrone", {"where": "Town Library", "minutes": 3})
            look: Callable[..., Any] = lambda **more: host.call(  # noqa: E731
                "maps_render",
                {"where": "62.5, 26.0", "across": 700, "width": SIZE[0], "height": SIZE[1], **more},
            )
            bare, routed, reached, marked = [
                opened((await look(**more)).content[0].data)
                for more in ({}, {"result": "r1"}, {"result": "r2"}, {"marks": ["62.5012, 26.001"]})
            ]
            street, mark = in_town(1.4, 2.0), Point(62.5012, 26.001)
            assert near(at(routed, MIDDLE, 700, street), style.ROUTE)
            assert near(at(bare, MIDDLE, 700, street), style.ROADS["secondary"].colour)
            assert near(at(marked, MIDDLE, 700, mark), style.MARK)
            beside = in_town(2.45, 2.75)
            assert at(reached, MIDDLE, 700, beside)[2] - at(reached, MIDDLE, 700, beside)[0] > 20  # bluish
            assert not near(at(bare, MIDDLE, 700, beside), at(reached, MIDDLE, 700, beside))

    asyncio.run(work())


@pytest.mark.real
def test_the_sea_is_where_it_is_in_helsinki(tmp_path: Path) -> None:
    build(helsinki(), tmp_path / "made.sqlite3", lambda done, total, what: None, threading.Event())
    city, centre, across = Extract("city", tmp_path / "made.sqlite3"), Point(60.17175, 24.94422), 2400.0
    picture = opened(draw_map(city, centre, across, SIZE, []))
    sea = [Point(60.1784, 24.9425), Point(60.1764, 24.9480), Point(60.1776, 24.9437)]
    land = [Point(60.1712, 24.9440), Point(60.1690, 24.9520), Point(60.1741, 24.9465), Point(60.1773, 24.9513)]
    for point in sea:
        assert near(at(picture, centre, across, point), style.WATER), point
    for point in land:
        assert not near(at(picture, centre, across, point), style.WATER), point


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.3, 0.75), min_size=3, max_size=8), st.booleans())
def test_an_island_is_land_and_a_lake_of_coast_is_sea(widths: list[float], island: bool) -> None:
    """A ring around the middle, as wide as the numbers say; land is on its left."""
    around = [(2 * math.pi * number / len(widths), wide) for number, wide in enumerate(widths)]
    ring = [Point(60 + 0.004 * wide * math.sin(a), 25 + 0.008 * wide * math.cos(a)) for a, wide in around]
    ring = [*ring, ring[0]] if island else [*ring, ring[0]][::-1]
    canvas = Canvas(Point(60, 25), 1000, 100, 100, style.LAND)
    frame = Frame(0, 0, canvas.width, canvas.height)
    draw_sea(canvas, frame, joined([ring[:2], ring[1:]]), style.WATER, style.AREAS["sand"])
    middle = canvas.image.getpixel((canvas.width // 2, canvas.height // 2))
    assert middle == (style.AREAS["sand"] if island else style.WATER)


def test_a_coast_across_the_picture_has_the_sea_on_its_right() -> None:
    for heading, wet in (("east", "south"), ("west", "north")):
        canvas = Canvas(Point(60, 25), 1000, 100, 100, style.LAND)
        coast = [Point(60, 24.9), Point(60.0005, 25), Point(60, 25.1)]
        draw_sea(
            canvas, Frame(0, 0, canvas.width, canvas.height), [coast if heading == "east" else coast[::-1]],
            style.WATER, style.LAND,
        )  # fmt: skip
        top, bottom = (canvas.image.getpixel((100, y)) for y in (4, 100 * SHARPNESS - 4))
        assert {"north": top, "south": bottom}[wet] == style.WATER
        assert {"north": bottom, "south": top}[wet] == style.LAND
