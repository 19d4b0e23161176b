"""Changing workbooks that are there: cells, computed values, looks, charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, FileInfo, ToolError, tool, undo_files
from mcp_agent_office.examples import EXAMPLES
from mcp_agent_office.files import SHEETS, saved
from mcp_agent_office.model import ChartKind, Look
from mcp_agent_office.tools.shapes import AcceptLoss, PathText, Saved, Sheet, Version, read_to_change, save_over

if TYPE_CHECKING:
    from mcp_agent_office.sheets.book import Book

MOST_CELLS = 1_000_000
_NOTED = 20


class Recalculated(Struct, frozen=True, omit_defaults=True):
    """``failed`` are cells whose formula gives an error, with it; ``unknown`` cells that could not be computed at
    all, and so have no value."""

    path: str
    version: str
    formulas: int
    failed: dict[str, str] = {}
    unknown: list[str] = []


@tool(
    effect="write",
    undo=undo_files("path"),
    timeout=120,
    examples=EXAMPLES["office_write_cells"],
)  # fmt: skip
def office_write_cells(
    ctx: Context,
    path: PathText,
    rows: Annotated[
        list[list[Any] | dict[str, Any]],
        Field("Rows of values: lists, or objects (by the headers of the sheet when appending). null empties a cell, = "
              "begins a formula, 2026-01-31 is a date. A handle of a large result will do."),
    ],
    at: Annotated[str, Field("The first cell, such as B2; 'end' adds below the last row.")] = "end",
    sheet: Sheet = None,
    version: Version = None,
) -> Saved:  # fmt: skip
    """Write cells of a workbook that is there. Everything else in the file stays exactly as it is: charts, pivots,
    macros, looks. Values of formulas are dropped, since they may have changed: office_recalculate computes them."""
    from mcp_agent_office.sheets.book import Book
    from mcp_agent_office.sheets.cells import Area
    from mcp_agent_office.sheets.outline import find_named
    from mcp_agent_office.sheets.patch import filled, patched
    from mcp_agent_office.sheets.values import to_cell

    data, info = read_to_change(ctx, path, SHEETS, version)
    book = Book(data, path)
    name = find_named(book.sheets, sheet).name if sheet else book.sheets[0].name
    top, left, values = _placed(book, name, rows, at)
    if sum(map(len, values)) > MOST_CELLS:
        raise ToolError(f"{MOST_CELLS:,} cells at a time are the most.", hint="office_create_workbook takes more.")
    changed, formulas = patched(data, name, filled(values, top, left, to_cell), appended=at == "end")
    area = Area(top, left, top + len(values) - 1, left + max(map(len, values), default=1) - 1)
    note = f"Wrote {name}!{area}." + (
        f" {formulas} formulas have no value now; see office_recalculate." if formulas else ""
    )
    return save_over(ctx, info, changed, note)


def _placed(book: Book, sheet: str, rows: list[Any], at: str) -> tuple[int, int, list[list[Any]]]:
    """Where to begin, and the rows as lists. Objects that are added at the end go by the headers of the sheet."""
    from mcp_agent_office.sheets.book import Place
    from mcp_agent_office.sheets.cells import WHOLE, Area, parse_cell
    from mcp_agent_office.sheets.values import table_of

    if not rows:
        raise ToolError("There are no rows to write.", hint="Give at least one; [[null]] empties a cell.")
    if at != "end":
        return *parse_cell(at), table_of(rows)
    height, _ = book.size(sheet)
    header = next(book.rows(Place(sheet, Area(1, 1, 1, WHOLE.right))), []) if height else []
    if not header or not all(isinstance(row, dict) for row in rows):
        return height + 1, 1, table_of(rows)
    names = [str(value) for value in header]
    unknown = sorted({key for row in rows for key in row} - set(names))
    if unknown:
        raise ToolError(f"{sheet} has no column {unknown[0]!r}.", hint=f"Its columns: {', '.join(names)}."[:500])
    return height + 1, 1, [[row.get(name) for name in names] for row in rows]


@tool(
    effect="write",
    undo=undo_files("path"),
    timeout=180,
    examples=EXAMPLES["office_recalculate"],
)  # fmt: skip
def office_recalculate(ctx: Context, path: PathText, version: Version = None) -> Recalculated:
    """Compute all formulas of a workbook with LibreOffice and note the values in the file; nothing else changes. What
    cannot be computed is named and gets no value. Needed after writing formulas or what they depend on."""
    from mcp_agent_office.render.libreoffice import find_renderer
    from mcp_agent_office.sheets.recalc import recalculated

    data, info = read_to_change(ctx, path, SHEETS, version)
    done = recalculated(find_renderer(ctx.config), data, path[path.rindex(".") :].lower())
    if done.formulas:
        info = ctx.folders.save(path, done.data, expected=info.sha256)
    failed = dict(list(done.failed.items())[:_NOTED])
    return Recalculated(info.path, info.version, done.formulas, failed, done.unknown[:_NOTED])


@tool(
    effect="write",
    undo=undo_files("path"),
    examples=EXAMPLES["office_format_range"],
)  # fmt: skip
def office_format_range(
    ctx: Context,
    path: PathText,
    range: Annotated[str, Field("Such as A1:D1, or Sheet2!C:C.")],
    look: Annotated[Look, Field("What to change.")],
    sheet: Sheet = None,
    accept_loss: AcceptLoss = False,
    version: Version = None,
) -> Saved:
    """Change how cells look: font, fill, number format, alignment, borders, widths of columns. Refuses, and says what
    would be lost, where the file holds what cannot be kept."""
    from mcp_agent_office.sheets.cells import Area, parse_area, split_sheet
    from mcp_agent_office.sheets.formulas import load
    from mcp_agent_office.sheets.looks import apply_look
    from mcp_agent_office.sheets.outline import read_outline

    data, info = read_to_change(ctx, path, SHEETS, version)
    named, text = split_sheet(range)
    book = load(data, path, rich_text=True)
    target = book[read_outline(data).sheet(named or sheet).name]
    area = parse_area(text)
    bottom, right = min(area.bottom, max(target.max_row, area.top)), min(area.right, max(target.max_column, area.left))
    count = apply_look(target, Area(area.top, area.left, bottom, right), look)
    return _save_book(ctx, info, data, book, accept_loss, f"{count:,} cells.")


@tool(
    effect="write",
    undo=undo_files("path"),
    examples=EXAMPLES["office_add_chart"],
)  # fmt: skip
def office_add_chart(
    ctx: Context,
    path: PathText,
    range: Annotated[str, Field("The data with headers in the first row and categories in the first column: A1:C13.")],
    kind: Annotated[ChartKind, Field("What kind of chart.")] = "column",
    title: Annotated[str, Field("Its title.", max_length=200)] = "",
    at: Annotated[str, Field("The cell of its upper left corner.")] = "F2",
    sheet: Sheet = None,
    accept_loss: AcceptLoss = False,
    version: Version = None,
) -> Saved:
    """Add a chart to a sheet of a workbook. Refuses, and says what would be lost, where the file holds what cannot be
    kept."""
    from mcp_agent_office.sheets.book import Book
    from mcp_agent_office.sheets.formulas import load
    from mcp_agent_office.sheets.looks import add_chart

    data, info = read_to_change(ctx, path, SHEETS, version)
    place = Book(data, path).find(sheet, range)
    book = load(data, path, rich_text=True)
    source = book[place.sheet]
    if place.area.bottom > source.max_row or place.area.right > source.max_column:
        raise ToolError(f"{range} goes beyond the data.", hint=f"The data ends at {source.dimensions}.")
    add_chart(source, source, place.area, kind, title, at)
    return _save_book(ctx, info, data, book, accept_loss, f"A {kind} chart over {place.area}.")


def _save_book(ctx: Context, info: FileInfo, before: bytes, book: Any, accepted: bool, note: str) -> Saved:
    from mcp_agent_office.guard.losses import check_losses

    after = saved(book)
    return save_over(ctx, info, after, note, check_losses(before, after, accepted, info.path))
