"""Tables on slides, at a size at which their text fits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from mcp_agent import ToolError
from mcp_agent_office.needs import need
from mcp_agent_office.slides import theme
from mcp_agent_office.slides.metrics import LINE, lines_of, longest_word
from mcp_agent_office.slides.theme import Box
from mcp_agent_office.slides.wording import clean, set_paragraphs

_MOST_TABLE_ROWS, _MOST_COLUMNS = 14, 8
_NUMBER = re.compile(r"[-+]?[\d.,\s]*%?")


def add_table(slide: Any, rows: Sequence[Sequence[Any]], box: Box) -> None:
    width = max(map(len, rows))
    if len(rows) > _MOST_TABLE_ROWS or width > _MOST_COLUMNS:
        raise ToolError(
            f"A table of {len(rows)} rows and {width} columns does not fit on a slide.",
            hint=f"{_MOST_TABLE_ROWS} rows with the header and {_MOST_COLUMNS} columns are the most.",
        )
    cells = [["" if value is None else clean(str(value)) for value in row] + [""] * (width - len(row)) for row in rows]
    size = _table_size(cells, box)
    heights = [_row_height(row, size, box.width / width, bold=number == 0) for number, row in enumerate(cells)]
    points, rgb = need("pptx.util").Pt, need("pptx.dml.color").RGBColor
    left, top, across, _ = box.emu()
    shape = slide.shapes.add_table(len(cells), width, left, top, across, points(sum(heights)))
    shape.name = "Table"
    for number, (row, height) in enumerate(zip(cells, heights, strict=True)):
        shape.table.rows[number].height = points(height)
        for column, text in enumerate(row):
            cell = shape.table.cell(number, column)
            set_paragraphs(cell.text_frame, [text], size, "FFFFFF" if number == 0 else theme.INK, bold=number == 0)
            cell.fill.solid()
            cell.fill.fore_color.rgb = rgb.from_string(
                theme.ACCENT if number == 0 else ("FFFFFF", theme.PALE)[number % 2]
            )
            cell.vertical_anchor = need("pptx.enum.text").MSO_ANCHOR.MIDDLE
            if column and all(_NUMBER.fullmatch(other[column]) for other in cells[1:]):
                cell.text_frame.paragraphs[0].alignment = need("pptx.enum.text").PP_ALIGN.RIGHT


def _table_size(cells: Sequence[Sequence[str]], box: Box) -> float:
    size, column = 18.0, box.width / len(cells[0])
    while size >= 12.0:
        heights = sum(_row_height(row, size, column, bold=number == 0) for number, row in enumerate(cells))
        if heights <= box.height and all(
            longest_word(text, size, True) <= column - 16 for row in cells for text in row
        ):
            return size
        size -= 1
    raise ToolError("The text of the table does not fit on a slide.", hint="Use fewer or shorter cells.")


def _row_height(row: Sequence[str], size: float, column: float, bold: bool) -> float:
    return max(lines_of(text, size, column - 16, bold) for text in row) * size * LINE + 12
