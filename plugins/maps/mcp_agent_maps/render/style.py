"""What a map looks like: colours and widths, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

Colour = tuple[int, int, int]

PAPER: Colour = (250, 250, 248)
"""Beyond the extract, where nothing is known."""
LAND: Colour = (244, 241, 235)
WATER: Colour = (168, 207, 224)
INK: Colour = (74, 70, 66)
HALO: Colour = (255, 255, 255)
BUILDING: Colour = (221, 212, 202)
BUILDING_EDGE: Colour = (196, 184, 172)
ROUTE: Colour = (38, 103, 201)
MARK: Colour = (206, 52, 50)
REACH: tuple[int, int, int, int] = (38, 103, 201, 64)

AREAS: Mapping[str, Colour] = {
    "built": (238, 234, 227), "industry": (232, 228, 226), "field": (238, 240, 213), "campus": (240, 235, 214),
    "grass": (211, 231, 186), "park": (197, 226, 176), "pitch": (182, 219, 182), "scrub": (205, 223, 180),
    "wood": (178, 211, 160), "sand": (246, 233, 198), "rock": (222, 218, 210), "parking": (235, 232, 232),
    "square": (236, 231, 228), "water": WATER,
}  # fmt: skip


class Line(NamedTuple):
    """``metres`` wide on the ground, but never thinner than ``least`` pixels. ``dash``: pixels on and off."""

    colour: Colour
    metres: float
    least: float
    dash: tuple[float, float] | None = None


LINES: Mapping[str, Line] = {
    "river": Line(WATER, 12, 2.5), "stream": Line(WATER, 2, 1.2), "rail": Line((140, 134, 134), 2.5, 1.4),
    "tram": Line((176, 168, 176), 1.2, 0.9), "metro": Line((190, 160, 120), 2, 1.2, (8, 5)),
    "ferry": Line((120, 160, 200), 1, 1.0, (7, 6)), "runway": Line((206, 202, 210), 40, 3),
    "wall": Line((170, 160, 150), 0.6, 0.8), "trees": Line((160, 200, 150), 3, 1.5),
}  # fmt: skip


class Road(NamedTuple):
    """``from_scale``: the metres a pixel may be at most for it to be drawn. Later ones lie on top."""

    colour: Colour
    edge: Colour | None
    metres: float
    least: float
    from_scale: float
    dash: tuple[float, float] | None = None


_WHITE, _GREY, _PATH = (255, 255, 255), (206, 200, 192), (226, 158, 132)
ROADS: Mapping[str, Road] = {
    "corridor": Road((224, 214, 214), None, 1.0, 0.8, 1.0, (3, 3)),
    "platform": Road((214, 206, 210), None, 3.0, 1.0, 1.5),
    "path": Road(_PATH, None, 1.4, 1.1, 3, (5, 3)),
    "footway": Road(_PATH, None, 1.3, 1.0, 1.8, (4, 3)),
    "steps": Road((214, 124, 104), None, 2.2, 1.6, 1.8, (2, 2)),
    "bridleway": Road((170, 190, 120), None, 1.4, 1.0, 4, (5, 3)),
    "cycleway": Road((126, 150, 214), None, 1.5, 1.1, 3, (6, 2)),
    "track": Road((190, 160, 110), None, 2.0, 1.2, 8, (7, 3)),
    "service": Road(_WHITE, _GREY, 3.5, 1.4, 5),
    "pedestrian": Road((240, 236, 240), _GREY, 6.0, 2.0, 10),
    "living_street": Road(_WHITE, _GREY, 6.0, 2.0, 12),
    "residential": Road(_WHITE, _GREY, 7.0, 1.8, 16),
    "unclassified": Road(_WHITE, _GREY, 7.0, 1.8, 20),
    "road": Road(_WHITE, _GREY, 7.0, 1.8, 20),
    "tertiary": Road((255, 252, 226), (196, 186, 160), 9.0, 2.2, 40),
    "secondary": Road((253, 238, 178), (206, 182, 118), 10.5, 2.6, 90),
    "primary": Road((252, 217, 148), (212, 166, 96), 12.0, 3.0, 250),
    "trunk": Road((249, 190, 132), (206, 134, 82), 13.0, 3.2, 800),
    "motorway": Road((240, 150, 130), (190, 96, 84), 15.0, 3.4, 2000),
}
"""From the ground up."""

UNDERLAY = "_link"
"""Links look like the road that they belong to, a little thinner."""

TOWNS = ("city", "town", "village", "hamlet", "suburb", "quarter", "neighbourhood", "island", "islet", "locality")
LABEL_SIZES: Mapping[str, int] = {"street": 12, "area": 13, "place": 15, "dot": 11}
DOTS: Mapping[str, Colour] = {
    "tourism": (150, 84, 160), "historic": (140, 96, 70), "amenity": (196, 108, 40), "railway": (60, 90, 160),
    "public_transport": (60, 90, 160), "shop": (166, 70, 140), "leisure": (70, 140, 80), "place": (90, 84, 80),
}  # fmt: skip
"""By the key that makes it a place."""
