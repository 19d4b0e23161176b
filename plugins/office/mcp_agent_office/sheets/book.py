"""Reading values fast, of every format that people have: .xlsx and its kin, .xlsb, .xls, .ods."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from mcp_agent import Context, ToolError
from mcp_agent_office.files import READ_SHEETS, SHEETS, read_office, suffix
from mcp_agent_office.guard.sparse import check_extent, check_ods
from mcp_agent_office.needs import need
from mcp_agent_office.sheets.apart import Apart
from mcp_agent_office.sheets.cells import WHOLE, Area, clip, parse_area, split_sheet
from mcp_agent_office.sheets.outline import Outline, SheetPart, find_named, read_outline
from mcp_agent_office.sheets.raw import Special, special_cells
from mcp_agent_office.sheets.values import shown

NOTHING_SPECIAL = Special(0, [], {})


class Place(Struct, frozen=True):
    """A range of one sheet."""

    sheet: str
    area: Area


class Book:
    """An open workbook. ``outline`` is None for formats that do not tell names, tables and formulas."""

    def __init__(self, data: bytes, path: str, version: str | None = None) -> None:
        calamine = need("python_calamine")
        self.data, self.version, self.path = data, version, path
        self.outline: Outline | None = read_outline(data) if suffix(path) in SHEETS else None
        if suffix(path) == ".ods":
            check_ods(data, path)
        self._reader: Any = None
        if self.outline is None:
            self._reader = Apart(data, path)
        else:
            self._reader = self._read(lambda: calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)))
        self._sheets: dict[str, Any] = {}
        self._special: dict[str, Special] = {}

    @property
    def sheets(self) -> list[SheetPart]:
        if self.outline is not None:
            return self.outline.sheets
        return [SheetPart(meta.name, "", "Visible" in str(meta.visible)) for meta in self._reader.sheets_metadata]

    def find(self, sheet: str | None, wanted: str | None) -> Place:
        """The range that a person means: an address, a table, a named range, a whole sheet. Raises ToolError."""
        named, text = split_sheet(wanted) if wanted else (None, "")
        owner = named or sheet
        name = find_named(self.sheets, owner).name if owner else self.sheets[0].name
        if not text:
            return Place(name, WHOLE)
        if self.outline is not None:
            table = next((one for one in self.outline.tables if one.name.casefold() == text.casefold()), None)
            if table is not None:
                return Place(table.sheet, parse_area(table.area))
            reference = {key.casefold(): value for key, value in self.outline.names.items()}.get(text.casefold())
            if reference is not None:
                elsewhere, area = split_sheet(reference)
                return Place(find_named(self.sheets, elsewhere or name).name, parse_area(area))
        return Place(name, parse_area(text))

    def size(self, sheet: str) -> tuple[int, int]:
        """How many rows and columns are in use, counted from A1: by values, errors and formulas."""
        end, special = self._sheet(sheet).end or (-1, -1), self.special(sheet)
        return max(end[0] + 1, special.bottom), max(end[1] + 1, special.right)

    def rows(self, place: Place) -> Iterator[list[Any]]:
        """Values as JSON, row by row, as far as the sheet is used."""
        sheet = self._sheet(place.sheet)
        area = clip(place.area, *self.size(place.sheet))
        if area is None:
            return
        left, right, width = area.left - 1, area.right, area.columns
        given = 0
        for row in itertools.islice(sheet.iter_rows(), area.top - 1, area.bottom):
            given += 1
            values = [shown(value) for value in row[left:right]]
            yield values if len(values) == width else values + [None] * (width - len(values))
        for _ in range(area.rows - given):  # rows with nothing but formulas without a value
            yield [None] * width

    def special(self, sheet: str) -> Special:
        """Errors, and formulas without a value."""
        if self.outline is None:
            return NOTHING_SPECIAL
        if sheet not in self._special:
            self._special[sheet] = special_cells(self.data, self.outline.sheet(sheet).part)
        return self._special[sheet]

    def _read(self, work: Callable[[], Any]) -> Any:
        """Raises ToolError for what the reader cannot read, or stumbles over: a panic of Rust is no Exception."""
        try:
            return work()
        except BaseException as error:
            known = isinstance(error, need("python_calamine").CalamineError | ValueError)
            if not known and type(error).__name__ != "PanicException":
                raise
            raise _unreadable(self.path, error) from None

    def _sheet(self, name: str) -> Any:
        if name not in self._sheets:
            if self.outline is not None:
                check_extent(self.data, self.outline.sheet(name).part, self.path)
            self._sheets[name] = self._read(lambda: self._reader.get_sheet_by_name(name))
        return self._sheets[name]


def open_book(ctx: Context, path: str) -> Book:
    """Raises ToolError."""
    data, info = read_office(ctx, path, READ_SHEETS)
    return Book(data, info.path, info.version)


def _unreadable(path: str, error: BaseException) -> ToolError:
    return ToolError(f"{path} cannot be read: {error}.", hint="Open it in the program that made it, and save it again.")
