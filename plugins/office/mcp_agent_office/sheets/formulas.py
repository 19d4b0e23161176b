"""The formulas of a range, as they were typed."""

from __future__ import annotations

import io
import warnings
import weakref
from typing import Any

from mcp_agent import ToolError
from mcp_agent_office.files import suffix
from mcp_agent_office.needs import need
from mcp_agent_office.sheets.book import Book, Place
from mcp_agent_office.sheets.cells import address, clip


def load(data: bytes, path: str = "", **options: Any) -> Any:
    """A workbook of openpyxl. It warns of what it cannot keep; ``guard.losses`` finds that out for itself."""
    openpyxl = need("openpyxl")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            workbook = openpyxl.load_workbook(io.BytesIO(data), keep_vba=suffix(path).endswith("m"), **options)
        except (KeyError, ValueError, TypeError, AttributeError, SyntaxError) as error:  # what openpyxl stumbles over
            raise ToolError(f"{path or 'The workbook'} cannot be read for changing: {error}.") from None
    if workbook.vba_archive is not None:  # left open by openpyxl
        weakref.finalize(workbook, workbook.vba_archive.close)
    return workbook


def formulas_in(book: Book, place: Place) -> dict[str, str]:
    """By cell."""
    area = clip(place.area, *book.size(place.sheet))
    if area is None or not book.special(place.sheet).formulas:
        return {}
    workbook = load(book.data, read_only=True)
    try:
        rows = workbook[place.sheet].iter_rows(
            min_row=area.top, max_row=area.bottom, min_col=area.left, max_col=area.right
        )
        return {
            address(cell.row, cell.column): text_of(cell.value) for row in rows for cell in row if cell.data_type == "f"
        }
    finally:
        workbook.close()


def text_of(value: Any) -> str:
    """A formula, also one that fills several cells."""
    return str(getattr(value, "text", value))
