"""Addresses: ``B2``, ``A1:C3``, ``'My sheet'!A1:C3``. Rows and columns count from 1."""

from __future__ import annotations

import re

from msgspec import Struct

from mcp_agent import ToolError

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_ENDS = re.compile(r"\$?([A-Za-z]{1,3})?\$?(\d{1,7})?")


class Area(Struct, frozen=True):
    """A rectangle of cells, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def rows(self) -> int:
        return self.bottom - self.top + 1

    @property
    def columns(self) -> int:
        return self.right - self.left + 1

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def __str__(self) -> str:
        first, last = address(self.top, self.left), address(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"


WHOLE = Area(1, 1, MOST_ROWS, MOST_COLUMNS)


def letters(column: int) -> str:
    """1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_of(name: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number


def address(row: int, column: int) -> str:
    return f"{letters(column)}{row}"


def parse_cell(text: str) -> tuple[int, int]:
    """Row and column. Raises ToolError."""
    found = _CELL.fullmatch(text.strip())
    if found is None:
        raise ToolError(f"{text!r} is no cell.", hint="Write it like B2.")
    return _within(int(found[2]), column_of(found[1]), text)


def parse_area(text: str) -> Area:
    """Also whole columns (``A:C``) and rows (``2:9``). Raises ToolError."""
    first, _, last = text.strip().partition(":")
    ends = [_ENDS.fullmatch(first), _ENDS.fullmatch(last or first)]
    if not all(ends) or not first:
        raise ToolError(f"{text!r} is no range.", hint="Write it like A1:D20, A:C, or give the name of a table.")
    (left, top), (right, bottom) = (end.groups() for end in ends if end)
    low = _within(int(top or 1), column_of(left) if left else 1, text)
    high = _within(int(bottom or MOST_ROWS), column_of(right) if right else MOST_COLUMNS, text)
    return Area(min(low[0], high[0]), min(low[1], high[1]), max(low[0], high[0]), max(low[1], high[1]))


def split_sheet(text: str) -> tuple[str | None, str]:
    """The sheet named in front of a range, and the range."""
    sheet, mark, area = text.strip().rpartition("!")
    if not mark:
        return None, area
    quoted = sheet.startswith("'") and sheet.endswith("'")
    return (sheet[1:-1].replace("''", "'") if quoted else sheet), area


def clip(area: Area, height: int, width: int) -> Area | None:
    """The part of an area that lies within so many rows and columns; None for nothing."""
    bottom, right = min(area.bottom, height), min(area.right, width)
    return Area(area.top, area.left, bottom, right) if bottom >= area.top and right >= area.left else None


def _within(row: int, column: int, text: str) -> tuple[int, int]:
    if not (1 <= row <= MOST_ROWS and 1 <= column <= MOST_COLUMNS):
        raise ToolError(f"{text} is beyond the end of a sheet.", hint=f"The last cell is XFD{MOST_ROWS}.")
    return row, column
