"""Writers of rows into files: CSV and Excel, and Parquet from its own folder. Each keeps a few megabytes at most."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import IO, Any, Protocol

from mcp_agent import ToolError
from mcp_agent_database.parquet.writer import Parquet
from mcp_agent_database.values import flat, plain

_EXCEL_ROWS = 1_048_575
_EXCEL_TEXT = 32_767


class Writer(Protocol):
    """Takes rows, a lot at a time, and writes the file's end when it is closed. Both may block."""

    def write(self, rows: Sequence[Sequence[Any]]) -> None: ...
    def close(self) -> None: ...


class Csv:
    """UTF-8, comma, one line of names. What is nested is JSON."""

    def __init__(self, file: IO[bytes], names: Sequence[str], types: Sequence[str]) -> None:
        self._text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
        self._csv = csv.writer(self._text)
        self._csv.writerow(names)

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        self._csv.writerows([flat(cell) for cell in row] for row in rows)

    def close(self) -> None:
        self._text.detach()


class Excel:
    """One sheet with a line of names. Texts are never formulas; what is too long for a cell is cut."""

    def __init__(self, file: IO[bytes], names: Sequence[str], types: Sequence[str]) -> None:
        xlsxwriter = _library("xlsxwriter", "xlsx")
        options = {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True,
            "default_date_format": "yyyy-mm-dd hh:mm:ss",
        }  # fmt: skip
        self._book = xlsxwriter.Workbook(file, options)
        self._sheet = self._book.add_worksheet()
        self._sheet.write_row(0, 0, names)
        self._row = 0

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        if self._row + len(rows) > _EXCEL_ROWS:
            raise ToolError(f"An Excel sheet holds {_EXCEL_ROWS:,} rows, and there are more.", hint="Use csv.")
        for row in rows:
            self._row += 1
            for number, cell in enumerate(row):
                if isinstance(cell, int | float | datetime | date) and plain(cell) is not None:
                    self._sheet.write(self._row, number, cell if _counts(cell) else str(cell))
                elif cell is not None:
                    self._sheet.write_string(self._row, number, str(flat(cell))[:_EXCEL_TEXT])

    def close(self) -> None:
        self._book.close()


def _counts(cell: Any) -> bool:
    """Whether Excel keeps it as it is: numbers of 15 digits, and dates after 1900."""
    if isinstance(cell, datetime | date):
        return cell.year >= 1900
    return not isinstance(cell, float | int) or (abs(cell) < 10**15 and cell == cell)


def _library(name: str, extra: str) -> Any:
    import importlib

    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        raise ToolError(
            f"{name} is not installed.", hint=f"Install the extra mcp-agent-database[{extra}], or write csv."
        ) from None


WRITERS: Mapping[str, Callable[[IO[bytes], Sequence[str], Sequence[str]], Writer]] = {
    "csv": Csv, "xlsx": Excel, "parquet": Parquet,
}  # fmt: skip
