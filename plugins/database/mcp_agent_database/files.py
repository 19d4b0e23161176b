"""Writers of rows into files: CSV, Parquet, Excel. Each keeps a few thousand rows in memory at most."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import IO, Any, Protocol

import msgspec

from mcp_agent import ToolError
from mcp_agent_database.values import plain

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
        self._csv.writerows([_flat(cell) for cell in row] for row in rows)

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
                    self._sheet.write_string(self._row, number, str(_flat(cell))[:_EXCEL_TEXT])

    def close(self) -> None:
        self._book.close()


class Parquet:
    """Columns typed as the database says; where it says nothing, as the first rows are."""

    def __init__(self, file: IO[bytes], names: Sequence[str], types: Sequence[str]) -> None:
        self._arrow = _library("pyarrow", "parquet")
        self._parquet = _library("pyarrow.parquet", "parquet")
        self._file, self._names, self._types = file, names, types
        self._writer: Any = None

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        columns = list(zip(*rows, strict=True)) or [()] * len(self._names)
        if self._writer is None:
            fields = [self._field(*each) for each in zip(self._names, self._types, columns, strict=True)]
            self._writer = self._parquet.ParquetWriter(self._file, self._arrow.schema(fields))
        arrays = [self._array(cells, field) for cells, field in zip(columns, self._writer.schema, strict=True)]
        self._writer.write_table(self._arrow.Table.from_arrays(arrays, schema=self._writer.schema))

    def close(self) -> None:
        if self._writer is None:
            self.write([])
        self._writer.close()

    def _field(self, name: str, kind: str, cells: Sequence[Any]) -> Any:
        arrow = self._arrow
        known = _ARROW.get(kind)
        if known is None and not kind:  # SQLite: any value in any column
            seen = {type(cell) for cell in cells if cell is not None}
            known = next((name for types, name in _SEEN if seen and seen <= types), None)
        return arrow.field(name, arrow.string() if known is None else known(arrow))

    def _array(self, cells: Sequence[Any], field: Any) -> Any:
        text = self._arrow.types.is_string(field.type)
        try:
            return self._arrow.array([_text(cell) if text else cell for cell in cells], field.type)
        except (self._arrow.ArrowInvalid, self._arrow.ArrowTypeError, OverflowError) as error:
            raise ToolError(
                f"Column {field.name} holds values of several kinds: {error}.", hint="csv takes them."
            ) from None


_ARROW: Mapping[str, Callable[[Any], Any]] = {
    "int2": lambda arrow: arrow.int64(), "int4": lambda arrow: arrow.int64(), "int8": lambda arrow: arrow.int64(),
    "float4": lambda arrow: arrow.float64(), "float8": lambda arrow: arrow.float64(),
    "bool": lambda arrow: arrow.bool_(),
    "date": lambda arrow: arrow.date32(), "timestamp": lambda arrow: arrow.timestamp("us"),
    "timestamptz": lambda arrow: arrow.timestamp("us", "UTC"), "bytea": lambda arrow: arrow.binary(),
}  # fmt: skip
"""Types of PostgreSQL as Arrow has them. All others are text: exact numbers stay exact."""
_SEEN: Sequence[tuple[set[type], Callable[[Any], Any]]] = (
    ({int}, lambda arrow: arrow.int64()),
    ({int, float}, lambda arrow: arrow.float64()),
    ({bytes}, lambda arrow: arrow.binary()),
)


def _text(cell: Any) -> str | None:
    return None if cell is None else str(_flat(cell))


def _flat(cell: Any) -> Any:
    """A value for one field of text; JSON for what is nested."""
    value = plain(cell)
    return msgspec.json.encode(value).decode() if isinstance(value, dict | list) else value


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
