"""Making workbooks and changing cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool, undo_files
from mcp_agent_office.examples import EXAMPLES
from mcp_agent_office.files import DATA, MOST_BYTES, READ_SHEETS, SHEETS, check_suffix, read_office, save_new, saved
from mcp_agent_office.model import ChartKind, How, Look, NewSheet
from mcp_agent_office.tools.shapes import (
    AcceptLoss,
    PathText,
    Replace,
    Saved,
    Sheet,
    Version,
    check_version,
    save_over,
    saved_as,
)

if TYPE_CHECKING:
    from mcp_agent_office.sheets.book import Book

MOST_CELLS = 1_000_000
_NOTED = 20
_TARGET = Annotated[str, Field("The workbook to make, .xlsx.", min_length=1)]


class Recalculated(Struct, frozen=True, omit_defaults=True):
    """``failed`` are cells whose formula gives an error, with it; ``unknown`` cells that could not be computed at
    all, and so have no value."""

    path: str
    version: str
    formulas: int
    failed: dict[str, str] = {}
    unknown: list[str] = []


class Summary(Struct, frozen=True, omit_defaults=True):
    rows: list[list[Any]]
    written_to: str = ""
    version: str = ""


@tool(
    effect="write",
    undo=undo_files("path"),
    timeout=120,
    examples=EXAMPLES["office_create_workbook"],
)  # fmt: skip
def office_create_workbook(
    ctx: Context,
    path: _TARGET,
    sheets: Annotated[list[NewSheet], Field("Its sheets, with rows.", min_length=1, max_length=100)],
    replace: Replace = False,
) -> Saved:
    """Make a workbook: headers, widths, tables and dates are formatted. 'rows' takes a handle of a large result too.
    Formulas are kept as formulas; office_recalculate gives them values."""
    from mcp_agent_office.sheets.build import build

    check_suffix(path, (".xlsx",))
    rows = sum(len(sheet.rows) for sheet in sheets)
    return saved_as(save_new(ctx, path, build(sheets), replace=replace), f"{len(sheets)} sheets, {rows:,} rows.")


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

    data, info = read_office(ctx, path, SHEETS)
    check_version(info, version)
    book = Book(data, path)
    name = find_named(book.sheets, sheet).name if sheet else book.sheets[0].name
    top, left, values = _placed(book, name, rows, at)
    if sum(map(len, values)) > MOST_CELLS:
        raise ToolError(f"{MOST_CELLS:,} cells at a time are the most.", hint="office_create_workbook takes more.")
    changed, formulas = patched(data, name, filled(values, top, left, to_cell))
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

    data, info = read_office(ctx, path, SHEETS)
    check_version(info, version)
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

    data, info = read_office(ctx, path, SHEETS)
    check_version(info, version)
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

    data, info = read_office(ctx, path, SHEETS)
    check_version(info, version)
    place = Book(data, path).find(sheet, range)
    book = load(data, path, rich_text=True)
    source = book[place.sheet]
    if place.area.bottom > source.max_row or place.area.right > source.max_column:
        raise ToolError(f"{range} goes beyond the data.", hint=f"The data ends at {source.dimensions}.")
    add_chart(source, source, place.area, kind, title, at)
    return _save_book(ctx, info, data, book, accept_loss, f"A {kind} chart over {place.area}.")


def _save_book(ctx: Context, info: Any, before: bytes, book: Any, accepted: bool, note: str) -> Saved:

    from mcp_agent_office.guard.losses import check_losses

    after = saved(book)
    return save_over(ctx, info, after, note, check_losses(before, after, accepted, info.path))


@tool(
    effect="write",
    undo=undo_files("path", "target_path"),
    examples=EXAMPLES["office_pivot"],
)  # fmt: skip
def office_pivot(
    ctx: Context,
    path: PathText,
    rows: Annotated[list[str], Field("Headers to group by, down.", min_length=1, max_length=5)],
    values: Annotated[str, Field("The header of what is computed.")],
    how: Annotated[How, Field("What to compute of each group.")] = "sum",
    columns: Annotated[str | None, Field("A header to group by across.")] = None,
    range: Annotated[str | None, Field("The data with its headers; the whole sheet without it.")] = None,
    sheet: Sheet = None,
    target_path: Annotated[str | None, Field("A new workbook to write the summary to; only shown without it.")] = None,
) -> Summary:
    """A summary table: groups down, groups across, a number in each cell, and totals. Shows it, or writes it as a
    workbook."""
    from mcp_agent_office.sheets.book import Book
    from mcp_agent_office.sheets.build import build
    from mcp_agent_office.sheets.cells import parse_cell
    from mcp_agent_office.sheets.pivot import pivot

    data, _ = read_office(ctx, path, READ_SHEETS)
    book = Book(data, path)
    place = book.find(sheet, range)
    missing = [cell for cell in book.special(place.sheet).not_computed if place.area.holds(*parse_cell(cell))]
    if missing:
        raise ToolError(f"{missing[0]} has a formula without a value.", hint="Call office_recalculate first.")
    header, *lines = list(book.rows(place)) or [[]]
    made = pivot(header, lines, rows, columns, values, how)
    if target_path is None:
        return Summary(made)
    check_suffix(target_path, (".xlsx",))
    written = save_new(ctx, target_path, build([NewSheet("Summary", made)]))  # type: ignore[arg-type]
    return Summary(made, written.path, written.version)


@tool(
    effect="write",
    undo=undo_files("target_path"),
    timeout=120,
    examples=EXAMPLES["office_import_data"],
)  # fmt: skip
def office_import_data(
    ctx: Context,
    path: Annotated[str, Field("The data: .csv, .tsv, .json, .jsonl or .parquet.", min_length=1)],
    target_path: _TARGET,
    sheet: Annotated[str, Field("The name of the sheet.")] = "Data",
    replace: Replace = False,
) -> Saved:
    """Make a workbook of a file of data. Numbers become numbers and ISO dates dates; text stays text, also where it
    looks like a formula; 007 and numbers of more than 15 digits stay whole, as text."""
    from mcp_agent_office.sheets.build import build
    from mcp_agent_office.sheets.importing import rows_of

    check_suffix(path, DATA)
    check_suffix(target_path, (".xlsx",))
    data, _ = ctx.folders.read(path, at_most=MOST_BYTES)
    rows = rows_of(data, path)
    made = save_new(ctx, target_path, build([NewSheet(sheet, rows)]), replace=replace)  # type: ignore[arg-type]
    return saved_as(made, f"{len(rows):,} rows, {len(rows[0]) if rows else 0} columns.")
