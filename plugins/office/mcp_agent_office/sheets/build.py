"""New workbooks, and new sheets, that look as if somebody took care: headers, widths, tables, formats of dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from mcp_agent import ToolError
from mcp_agent_office.files import saved
from mcp_agent_office.guard.formulas import check_formula, is_formula
from mcp_agent_office.model import NewSheet
from mcp_agent_office.needs import need
from mcp_agent_office.sheets.cells import MOST_COLUMNS, MOST_ROWS, Area, address, letters
from mcp_agent_office.sheets.values import looks_like_header, table_of, to_cell

MOST_CELLS = 3_000_000
FONT = "Calibri"
ACCENT = "1F4E79"
_NAME = re.compile(r"[^\[\]:*?/\\\x00-\x1f]{1,31}")
_WIDEST, _LOOKED_AT = 50, 500


def build(sheets: Sequence[NewSheet]) -> bytes:
    """A whole workbook. Raises ToolError."""
    openpyxl = need("openpyxl")
    if len({sheet.name.casefold() for sheet in sheets}) != len(sheets):
        raise ToolError("Two sheets have the same name.", hint="Names differ by more than their case.")
    workbook = openpyxl.Workbook(write_only=True)
    for number, sheet in enumerate(sheets, 1):
        check_name(sheet.name)
        _fill(workbook.create_sheet(sheet.name), sheet, number)
    return saved(workbook)


def check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or name.startswith("'") or name.endswith("'") or not name.strip():
        raise ToolError(f"{name!r} cannot be the name of a sheet.", hint=r"1 to 31 characters, none of []:*?/\.")


def _fill(made: Any, sheet: NewSheet, number: int) -> None:
    rows = table_of(sheet.rows)
    width = max(map(len, rows), default=0)
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS or sum(map(len, rows)) > MOST_CELLS:
        raise ToolError(f"{sheet.name} is too large: {MOST_CELLS:,} cells are the most.", hint="Split it.")
    header = bool(rows) and looks_like_header(rows[0], rows[1] if len(rows) > 1 else None)
    for column, size in enumerate(_widths(rows), 1):
        made.column_dimensions[letters(column)].width = size
    if header:
        made.freeze_panes = "A2"
    formats = _formats(sheet, rows[0] if header else [])
    for index, row in enumerate(rows, 1):
        made.append(_header_row(made, row) if header and index == 1 else _row(made, row, index, formats))
    if header and len(rows) > 1 and len(rows[0]) == width:  # a table names each of its columns
        _table(made, rows, width, number)


def _row(made: Any, row: Sequence[Any], index: int, formats: dict[int, str]) -> list[Any]:
    return [_cell(made, value, index, column, formats.get(column)) for column, value in enumerate(row, 1)]


def _cell(made: Any, value: Any, row: int, column: int, number_format: str | None) -> Any:
    """Plain values stay plain, which is much faster; a cell is made where there is something to say about it."""
    kept = to_cell(value, address(row, column)) if value.__class__ is not int or abs(value) > 10**14 else value
    check_formula(kept, address(row, column))
    plain = isinstance(kept, str) and kept.startswith("=") and not is_formula(kept)
    shown_as = number_format or _date_format(kept)
    if shown_as is None and not plain:
        return kept
    cell = need("openpyxl.cell").WriteOnlyCell(made, kept)
    if plain:
        cell.data_type = "s"
    if shown_as is not None:
        cell.number_format = shown_as
    return cell


def _date_format(value: Any) -> str | None:
    if isinstance(value, datetime):
        return "yyyy-mm-dd hh:mm"
    return "yyyy-mm-dd" if isinstance(value, date) else None


def _header_row(made: Any, names: Sequence[Any]) -> list[Any]:
    styles, cell_type = need("openpyxl.styles"), need("openpyxl.cell").WriteOnlyCell
    cells = []
    for name in names:
        cell = cell_type(made, name)
        cell.data_type = "s"
        cell.font = styles.Font(name=FONT, bold=True, color="FFFFFF")
        cell.fill = styles.PatternFill("solid", fgColor=ACCENT)
        cell.alignment = styles.Alignment(vertical="center")
        cells.append(cell)
    return cells


def _table(made: Any, rows: Sequence[Sequence[Any]], width: int, number: int) -> None:
    table = need("openpyxl.worksheet.table")
    named = table.Table(displayName=f"Table{number}", ref=str(Area(1, 1, len(rows), width)))
    named.tableStyleInfo = table.TableStyleInfo(name="TableStyleLight9", showRowStripes=True)
    named._initialise_columns()
    for column, name in zip(named.tableColumns, rows[0], strict=True):
        column.name = str(name)
    made._tables.add(named)  # add_table warns that columns must be made by hand, which they were


def _widths(rows: Sequence[Sequence[Any]]) -> list[float]:
    """By the longest of the first values; formulas say nothing about how long they show."""
    widths: list[float] = []
    for row in rows[:_LOOKED_AT]:
        for column, value in enumerate(row):
            text = "" if value is None or is_formula(value) else str(value)
            size = min(max((len(line) for line in text.splitlines()), default=0) + 3, _WIDEST)
            if column == len(widths):
                widths.append(10)
            widths[column] = max(widths[column], size)
    return widths


def _formats(sheet: NewSheet, header: Sequence[Any]) -> dict[int, str]:
    names = {str(name).casefold(): column for column, name in enumerate(header, 1)}
    places = {letters(column).casefold(): column for column in range(1, max(len(header), 26) + 1)}
    found = {}
    for key, shown_as in sheet.formats.items():
        column = names.get(key.casefold()) or places.get(key.casefold())
        if column is None:
            raise ToolError(f"There is no column {key!r} in {sheet.name}.", hint="Use its header or its letter.")
        found[column] = shown_as
    return found
