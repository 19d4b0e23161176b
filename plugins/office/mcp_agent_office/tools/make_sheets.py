"""Making workbooks: of rows, of a file of data, of a summary of another one."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool, undo_files
from mcp_agent_office.examples import EXAMPLES
from mcp_agent_office.files import DATA, MOST_BYTES, READ_SHEETS, check_suffix, read_office, save_new
from mcp_agent_office.model import How, NewSheet
from mcp_agent_office.tools.shapes import PathText, Replace, Saved, Sheet, saved_as

_TARGET = Annotated[str, Field("The workbook to make, .xlsx.", min_length=1)]


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
    return saved_as(made, f"{len(rows):,} rows, {max(map(len, rows), default=0)} columns.")
