"""Tables as a PNG, drawn with Pillow."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from mcp_agent import ToolError
from mcp_agent_database.diagrams.layout import Box, Plan, plan
from mcp_agent_database.engine import Table

_SIZE = 14
_LINE = 22
_MARGIN = 24
_BETWEEN = 90
_PADDING = 8
_BACK, _BOX, _TITLE, _EDGE, _TEXT, _FAINT, _KEY = (
    "#ffffff", "#f7f9fb", "#dce6f0", "#5b7083", "#1c2733", "#6b7c8c", "#a04010"
)  # fmt: skip
_MOST_PIXELS = 40_000_000


def png(tables: Sequence[Table]) -> bytes:
    """The picture. Raises ToolError where Pillow is missing, or there is too much for one picture."""
    try:
        from PIL import Image, ImageDraw, ImageFont
    except ModuleNotFoundError:
        raise ToolError(
            "Pillow is not installed.", hint="Install the extra mcp-agent-database[png], or take mermaid."
        ) from None
    made = plan(tables)
    font = ImageFont.load_default(_SIZE)
    widths = [_width(font, [box for box in made.boxes if box.column == number]) for number in range(_columns(made))]
    lefts = [_MARGIN + sum(widths[:number]) + number * _BETWEEN for number in range(len(widths))]
    width = (lefts[-1] + widths[-1] if widths else 0) + _MARGIN
    height = 2 * _MARGIN + round(_LINE * max((box.top + box.height for box in made.boxes), default=1))
    if width * height > _MOST_PIXELS:
        raise ToolError("There are too many tables for one picture.", hint="Narrow it with like, or take mermaid.")
    image = Image.new("RGB", (width, height), _BACK)
    draw = ImageDraw.Draw(image)
    _draw_lines(draw, made, lefts, widths)
    for box in made.boxes:
        _draw_box(draw, font, box, lefts[box.column], widths[box.column])
    written = io.BytesIO()
    image.quantize(32).save(written, "PNG", optimize=True)
    return written.getvalue()


def _columns(made: Plan) -> int:
    return 1 + max((box.column for box in made.boxes), default=-1)


def _width(font: Any, boxes: Sequence[Box]) -> int:
    rows: list[float] = [font.getlength(f"{row.keys}  {row.name}    {row.type}") for box in boxes for row in box.rows]
    titles: list[float] = [font.getlength(box.name) * 1.1 for box in boxes]
    return round(max([*titles, *rows], default=0)) + 3 * _PADDING


def _draw_box(draw: Any, font: Any, box: Box, left: int, width: int) -> None:
    top = _MARGIN + round(box.top * _LINE)
    bottom = top + round(box.height * _LINE)
    draw.rectangle((left, top, left + width, bottom), fill=_BOX, outline=_EDGE)
    draw.rectangle((left, top, left + width, top + _LINE), fill=_TITLE, outline=_EDGE)
    draw.text((left + _PADDING, top + 3), box.name, _TEXT, font, stroke_width=0.4)
    for number, row in enumerate(box.rows, 1):
        y = top + number * _LINE + 3
        at = left + _PADDING
        if row.keys:
            draw.text((at, y), row.keys, _KEY, font)
            at += round(font.getlength(f"{row.keys}  "))
        draw.text((at, y), row.name, _TEXT, font)
        draw.text((left + width - _PADDING - font.getlength(row.type), y), row.type, _FAINT, font)


def _draw_lines(draw: Any, made: Plan, lefts: Sequence[int], widths: Sequence[int]) -> None:
    """Each with a foot of three toes where the many are, and a bar where the one is."""
    boxes = {box.name: box for box in made.boxes}
    for number, line in enumerate(made.lines):
        start, end = boxes[line.start], boxes[line.end]
        y = _MARGIN + round((start.top + 1.5 + line.row) * _LINE)
        to_y = _MARGIN + round((end.top + 0.5) * _LINE)
        x, to_x = lefts[start.column], lefts[end.column] + widths[end.column]
        lane = x - 14 - number * 7 % (_BETWEEN - 30)
        if start.column <= end.column:  # a circle, or to itself: around the left side
            to_x = lefts[end.column]
        draw.line([(x, y), (lane, y), (lane, to_y), (to_x, to_y)], fill=_EDGE, width=1, joint="curve")
        for toe in (-4, 4):
            draw.line([(x - 8, y), (x, y + toe)], fill=_EDGE)
        bar = to_x + (6 if to_x < lane else -6)
        draw.line([(bar, to_y - 5), (bar, to_y + 5)], fill=_EDGE)
