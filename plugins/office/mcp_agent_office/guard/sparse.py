"""Sheets with a cell at the far end: small on disk, too large for a reader that keeps what lies between."""

from __future__ import annotations

import io
import re
import zipfile

from mcp_agent import ToolError

MOST_CELLS = 40_000_000
_REF = re.compile(rb'<(?:x:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,9})"')
_ROW = re.compile(rb"<table:table-row\b([^>]*)>(.*?)</table:table-row>", re.S)
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d+)"')
_FILLED_CELL = re.compile(rb"<table:table-cell\b(?=[^>]*office:value-type)([^>]*)>")
_CHUNK, _TAIL = 1024 * 1024, 200
_MOST_REPEATED = 5_000


def check_extent(data: bytes, part: str, name: str) -> None:
    """Of one sheet of an .xlsx package. Raises ToolError."""
    columns, top, bottom = set[bytes](), 2**31, 0
    with zipfile.ZipFile(io.BytesIO(data)) as package, package.open(part) as sheet:
        rest = b""
        while chunk := sheet.read(_CHUNK):
            piece = rest + chunk
            found = _REF.findall(piece)
            if found:
                rows = [int(row) for _, row in found]
                top, bottom = min(top, *rows), max(bottom, *rows)
                columns.update(column for column, _ in found)
            rest = piece[-_TAIL:]
    numbers = [_number(column) for column in columns]
    if numbers and (bottom - top + 1) * (max(numbers) - min(numbers) + 1) > MOST_CELLS:
        raise _refused(name)


def check_ods(data: bytes, name: str) -> None:
    """Filled cells and rows that are there many times over. Raises ToolError."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        content = package.read("content.xml") if "content.xml" in package.NameToInfo else b""
    for attributes, inside in _ROW.findall(content):
        cells = _FILLED_CELL.findall(inside)
        if cells and max(map(_repeated, (attributes, *cells))) > _MOST_REPEATED:
            raise _refused(name)


def _repeated(attributes: bytes) -> int:
    found = _REPEATED.search(attributes)
    return int(found[1][:9]) if found else 1


def _number(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _refused(name: str) -> ToolError:
    return ToolError(
        f"{name} was not opened: its cells lie so far apart that it does not fit into memory.",
        hint="Remove the cells at the far end in the program that made it, and save it.",
    )
