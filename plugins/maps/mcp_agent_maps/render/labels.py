"""Names on the map: the important first, none over another."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Any

from mcp_agent_maps.render.canvas import SHARPNESS, Canvas, Pixel
from mcp_agent_maps.render.style import HALO, INK, Colour

_FONTS = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "Arial.ttf", "Helvetica.ttc", "segoeui.ttf")
_ROOM = 2 * SHARPNESS


@functools.lru_cache(maxsize=16)
def font(size: int) -> Any:
    """A font of the system with the letters of most languages; Pillow's own where there is none."""
    from PIL import ImageFont

    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size * SHARPNESS)
        except OSError:
            continue
    return ImageFont.load_default(size * SHARPNESS)


class Labels:
    """Remembers where something is written."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._taken: list[tuple[float, float, float, float]] = []

    def reserve(self, corner: Pixel, text: str, size: int) -> None:
        """Keep room for a text that ends in this corner, its lower right."""
        self._taken.append(self._canvas.draw.textbbox(corner, text, font=font(size), anchor="rb"))

    def write(self, corner: Pixel, text: str, size: int) -> None:
        """Write it there, whatever else is."""
        self._canvas.draw.text(
            corner, text, font=font(size), fill=INK, anchor="rb", stroke_width=SHARPNESS, stroke_fill=HALO
        )

    def at(self, pixel: Pixel, text: str, size: int, colour: Colour = INK, below: float = 0.0) -> bool:
        """Centred at a pixel, or ``below`` pixels under it. Says whether there was room."""
        width, height = self._measure(text, size)
        x, y = pixel[0] - width / 2, pixel[1] - height / 2 + below * SHARPNESS
        if not self._take(x, y, x + width, y + height):
            return False
        self._canvas.draw.text(
            (x, y), text, font=font(size), fill=colour, anchor="lt", stroke_width=2 * SHARPNESS - 1, stroke_fill=HALO
        )
        return True

    def along(self, line: Sequence[Pixel], text: str, size: int) -> bool:
        """Written along the straightest part of a line that is long enough. Says whether there was one."""
        width, height = self._measure(text, size)
        found = _straight_part(line, width * 1.1)
        if found is None:
            return False
        (ax, ay), (bx, by) = found
        x, y = (ax + bx) / 2, (ay + by) / 2
        angle = math.degrees(math.atan2(ay - by, bx - ax))
        angle = angle if -90 <= angle <= 90 else angle - math.copysign(180, angle)
        slant = math.radians(angle)
        half_w = (abs(math.cos(slant)) * width + abs(math.sin(slant)) * height) / 2
        half_h = (abs(math.sin(slant)) * width + abs(math.cos(slant)) * height) / 2
        if not self._take(x - half_w, y - half_h, x + half_w, y + half_h):
            return False
        self._paste_turned(text, size, angle, (x, y))
        return True

    def dot(self, pixel: Pixel, colour: Colour, radius: float) -> bool:
        """A small disc. Says whether there was room."""
        x, y = pixel
        size = radius * SHARPNESS
        if not self._take(x - size, y - size, x + size, y + size):
            return False
        self._canvas.draw.ellipse((x - size, y - size, x + size, y + size), fill=colour, outline=HALO, width=SHARPNESS)
        return True

    def _measure(self, text: str, size: int) -> tuple[float, float]:
        left, top, right, bottom = font(size).getbbox(text, anchor="lt")
        return right - left, bottom - top

    def _take(self, left: float, top: float, right: float, bottom: float) -> bool:
        canvas = self._canvas
        if left < 0 or top < 0 or right > canvas.width or bottom > canvas.height:
            return False
        for l, t, r, b in self._taken:  # noqa: E741
            if left < r + _ROOM and right > l - _ROOM and top < b + _ROOM and bottom > t - _ROOM:
                return False
        self._taken.append((left, top, right, bottom))
        return True

    def _paste_turned(self, text: str, size: int, angle: float, middle: Pixel) -> None:
        from PIL import Image, ImageDraw

        width, height = self._measure(text, size)
        edge = 2 * SHARPNESS
        written = Image.new("RGBA", (round(width) + 4 * edge, round(height) + 4 * edge), (*HALO, 0))
        ImageDraw.Draw(written).text(
            (2 * edge, 2 * edge), text, font=font(size), fill=INK, anchor="lt", stroke_width=edge - 1, stroke_fill=HALO
        )
        turned = written.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
        corner = round(middle[0] - turned.width / 2), round(middle[1] - turned.height / 2)
        self._canvas.image.paste(turned, corner, turned)


def _straight_part(line: Sequence[Pixel], needed: float) -> tuple[Pixel, Pixel] | None:
    """The ends of the straightest stretch of at least this length, no more bent than a name can be."""
    best, least = None, 1.06
    for start in range(len(line) - 1):
        walked = 0.0
        for end in range(start + 1, len(line)):
            walked += math.dist(line[end - 1], line[end])
            direct = math.dist(line[start], line[end])
            if walked > direct * least:
                break
            if direct >= needed:
                best, least = (line[start], line[end]), max(1.0001, walked / direct)
                break
    return best
