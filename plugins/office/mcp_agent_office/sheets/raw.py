"""What the fast reader does not tell: which formulas nobody computed, and which cells hold an error."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from msgspec import Struct

from mcp_agent_office.sheets.cells import MOST_ROWS, column_of

_CELL = re.compile(rb"<(?:x:)?c\b([^>]*[^/>])>(.*?)</(?:x:)?c>", re.S)
_REF = re.compile(rb'\br="([A-Z]+)(\d+)"')
_VALUE = re.compile(rb"<(?:x:)?v\b[^>]*>([^<]+)</(?:x:)?v>|<(?:x:)?v xml:space[^>]*>|<(?:x:)?is>")
_ERROR = re.compile(rb'\bt="e"')
_FORMULA = re.compile(rb"<(?:x:)?f\b")
_COMPUTED_EMPTY = re.compile(rb'\bt="str"')
_CLOSED = re.compile(rb"<(?:x:)?v\s*/>|<(?:x:)?v>\s*</")
_CHUNK, _LETTERS = 1024 * 1024, 3
_MARKS = (b"<f", b"<x:f", b't="e"')


class Special(Struct, frozen=True):
    """``not_computed`` are cells with a formula and no value; ``errors`` give the error that a cell holds."""

    formulas: int
    not_computed: list[str]
    errors: dict[str, str]
    bottom: int = 0
    right: int = 0
    """How far down and to the right there are such cells."""


def special_cells(data: bytes, part: str) -> Special:
    """Of one sheet of an .xlsx package, read piece by piece. Cells beyond the end of a sheet do not count."""
    formulas, missing, errors, bottom, right = 0, [], {}, 0, 0
    for attributes, inside in _cells(data, part):
        formula, error = _FORMULA.search(inside), _ERROR.search(attributes)
        place = _REF.search(attributes)
        if not (formula or error) or place is None or int(place[2]) > MOST_ROWS or len(place[1]) > _LETTERS:
            continue
        name = (place[1] + place[2]).decode()
        bottom, right = max(bottom, int(place[2])), max(right, column_of(place[1].decode()))
        value = _VALUE.search(inside)
        formulas += bool(formula)
        if error and value and value[1]:
            errors[name] = value[1].decode("utf-8", "replace")
        elif formula and not value and not (_COMPUTED_EMPTY.search(attributes) and _CLOSED.search(inside)):
            missing.append(name)
    return Special(formulas, missing, errors, bottom, right)


def _cells(data: bytes, part: str) -> Iterator[tuple[bytes, bytes]]:
    """Attributes and content of the cells, of those pieces of the sheet that hold a formula or an error."""
    with zipfile.ZipFile(io.BytesIO(data)) as package, package.open(part) as sheet:
        rest = b""
        while chunk := sheet.read(_CHUNK):
            piece, row, rest = (rest + chunk).rpartition(b"row>")
            if any(mark in piece for mark in _MARKS):
                yield from _CELL.findall(piece + row)
        if any(mark in rest for mark in _MARKS):
            yield from _CELL.findall(rest)
