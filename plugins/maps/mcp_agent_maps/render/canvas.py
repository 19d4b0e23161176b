"""From degrees to pixels, and lines and areas on a picture that is drawn twice as large and then made smaller."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from mcp_agent_maps.geometry import EARTH_RADIUS, Box, Point

SHARPNESS = 2
Pixel = tuple[float, float]


def mercator(point: Point) -> Pixel:
    """Web Mercator, in metres at the equator."""
    lat = max(-85.05, min(85.05, point.lat))
    north = math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
    return math.radians(point.lon) * EARTH_RADIUS, north * EARTH_RADIUS


class Canvas:
    """``width`` and ``height`` in pixels, ``across`` metres on the ground from the left edge to the right."""

    def __init__(self, centre: Point, across: float, width: int, height: int, background: tuple[int, int, int]) -> None:
        from PIL import Image, ImageDraw

        self.width, self.height = width * SHARPNESS, height * SHARPNESS
        self.scale = across / width
        """Metres on the ground for one pixel of the finished picture."""
        stretch = 1 / math.cos(math.radians(centre.lat))
        self._pixel = across * stretch / self.width
        x, y = mercator(centre)
        self._left, self._top = x - self.width / 2 * self._pixel, y + self.height / 2 * self._pixel
        self.image = Image.new("RGB", (self.width, self.height), background)
        self.draw = ImageDraw.Draw(self.image, "RGBA")

    def box(self) -> Box:
        """What is on the picture."""
        return Box(*self._degrees(0, self.height), *self._degrees(self.width, 0))

    def _degrees(self, x: float, y: float) -> Point:
        lon = math.degrees((self._left + x * self._pixel) / EARTH_RADIUS)
        north = (self._top - y * self._pixel) / EARTH_RADIUS
        return Point(math.degrees(2 * math.atan(math.exp(north)) - math.pi / 2), lon)

    def pixel(self, point: Point) -> Pixel:
        x, y = mercator(point)
        return (x - self._left) / self._pixel, (self._top - y) / self._pixel

    def inside(self, box: Box) -> tuple[float, float, float, float]:
        """The part of the picture that the box is on: left, top, right, bottom in pixels."""
        left, bottom = self.pixel(Point(box.south, box.west))
        right, top = self.pixel(Point(box.north, box.east))
        return max(0.0, left), max(0.0, top), min(float(self.width), right), min(float(self.height), bottom)

    def pixels(self, line: Sequence[Point]) -> list[Pixel]:
        return [self.pixel(point) for point in line]

    def wide(self, metres: float, least: float) -> float:
        """A width on the ground, in pixels of this canvas."""
        return max(metres / self.scale, least) * SHARPNESS

    def area(self, outer: Sequence[Pixel], holes: Sequence[Sequence[Pixel]], fill: Any, edge: Any = None) -> None:
        """Filled, but for its holes."""
        if len(outer) < 3:
            return
        if not holes:
            self.draw.polygon(outer, fill=fill, outline=edge)
            return
        from PIL import Image, ImageDraw

        left, top = math.floor(min(x for x, _ in outer)), math.floor(min(y for _, y in outer))
        right, bottom = math.ceil(max(x for x, _ in outer)), math.ceil(max(y for _, y in outer))
        left, top, right, bottom = max(left, 0), max(top, 0), min(right, self.width), min(bottom, self.height)
        if right <= left or bottom <= top:
            return
        mask = Image.new("L", (right - left, bottom - top), 0)
        draw = ImageDraw.Draw(mask)
        draw.polygon([(x - left, y - top) for x, y in outer], fill=fill[3] if len(fill) > 3 else 255)
        for hole in holes:
            if len(hole) > 2:
                draw.polygon([(x - left, y - top) for x, y in hole], fill=0)
        self.image.paste(Image.new("RGB", mask.size, fill[:3]), (left, top), mask)
        if edge is not None:
            for ring in (outer, *holes):
                self.draw.line(ring, fill=edge, width=1)

    def line(self, line: Sequence[Pixel], colour: Any, width: float, dash: tuple[float, float] | None = None) -> None:
        """With round ends and corners; dashes are in pixels of the finished picture."""
        if dash is not None:
            for piece in _dashes(line, dash[0] * SHARPNESS, dash[1] * SHARPNESS):
                self.draw.line(piece, fill=colour, width=max(1, round(width)))
            return
        self.draw.line(line, fill=colour, width=max(1, round(width)), joint="curve")
        radius = width / 2
        if radius >= 1.5:
            for x, y in (line[0], line[-1]):
                self.draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def png(self) -> bytes:
        import io

        from PIL import Image

        size = (self.width // SHARPNESS, self.height // SHARPNESS)
        small = self.image.resize(size, Image.Resampling.LANCZOS)
        written = io.BytesIO()
        small.save(written, "PNG", optimize=True)
        return written.getvalue()


def _dashes(line: Sequence[Pixel], on: float, off: float) -> Iterator[list[Pixel]]:
    """The pieces that are drawn, over corners too."""
    piece, left, drawing = [line[0]], on, True
    for (ax, ay), (bx, by) in pairwise(line):
        long = math.hypot(bx - ax, by - ay)
        walked = 0.0
        while long - walked > left:
            walked += left
            at = (ax + (bx - ax) * walked / long, ay + (by - ay) * walked / long)
            if drawing:
                yield [*piece, at]
            piece, drawing = [at], not drawing
            left = on if drawing else off
        left -= long - walked
        piece.append((bx, by))
    if drawing and len(piece) > 1:
        yield piece
