"""Looking into workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_office.examples import EXAMPLES
from mcp_agent_office.model import Found
from mcp_agent_office.origins import own_or_outside
from mcp_agent_office.tools.shapes import PathText, Sheet

if TYPE_CHECKING:
    from mcp_agent_office.sheets.book import Book

_NAMED = 20


class SheetRows(Struct, frozen=True, omit_defaults=True):
    """``next`` is the range to go on with; without it that was all. Cells in ``not_computed`` hold a formula whose
    value nobody computed yet, so they show as null; ``errors`` are values such as #DIV/0!, which show as null too."""

    sheet: str
    range: str
    rows: list[list[Any]]
    version: str
    next: str | None = None
    formulas: dict[str, str] = {}
    not_computed: list[str] = []
    errors: dict[str, str] = {}
    note: str = ""


class SheetFacts(Struct, frozen=True, omit_defaults=True):
    name: str
    range: str
    first_rows: list[list[Any]]
    formulas: int = 0
    not_computed: int = 0
    errors: dict[str, str] = {}
    hidden: bool = False


class Workbook(Struct, frozen=True, omit_defaults=True):
    """``names`` are named ranges, ``tables`` ranges with headers: both can be read by name."""

    path: str
    version: str
    sheets: list[SheetFacts]
    tables: dict[str, str] = {}
    names: dict[str, str] = {}
    warnings: list[str] = []


@tool(
    effect="read",
    origin=own_or_outside,
    examples=EXAMPLES["office_read_sheet"],
)  # fmt: skip
def office_read_sheet(
    ctx: Context,
    path: PathText,
    sheet: Sheet = None,
    range: Annotated[
        str | None, Field("Such as A1:D20, B:C, Sheet2!A1:B5, a table or a named range; all without it.")
    ] = None,
    show: Annotated[
        Literal["values", "formulas", "both"], Field("'both' gives formulas beside the values.")
    ] = "values",
    limit: Annotated[int, Field("Rows in one answer; 'next' goes on.", ge=1, le=200_000)] = 200,
) -> SheetRows:
    """Read cells of a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods), page by page. For questions over many rows (sums,
    groups, filters) use office_query_sheet instead."""
    from mcp_agent_office.sheets.book import Place, open_book
    from mcp_agent_office.sheets.cells import Area, clip, parse_cell
    from mcp_agent_office.sheets.formulas import formulas_in

    book = open_book(ctx, path)
    place = book.find(sheet, range)
    height, width = book.size(place.sheet)
    area = clip(place.area, height, width)
    if area is None:
        return SheetRows(place.sheet, str(place.area), [], book.version or "", note="Nothing is there.")
    page = Area(area.top, area.left, min(area.bottom, area.top + limit - 1), area.right)
    rest = Area(page.bottom + 1, area.left, area.bottom, area.right) if page.bottom < area.bottom else None
    shown = Place(place.sheet, page)
    rows, special = list(book.rows(shown)), book.special(place.sheet)
    formulas = formulas_in(book, shown) if show != "values" else {}
    if show == "formulas":
        for name, text in formulas.items():
            row, column = parse_cell(name)
            rows[row - page.top][column - page.left] = text
    return SheetRows(
        place.sheet, str(page), rows, book.version or "", None if rest is None else str(rest),
        formulas if show == "both" else {},
        [name for name in special.not_computed if page.holds(*parse_cell(name))][:limit],
        {name: error for name, error in special.errors.items() if page.holds(*parse_cell(name))},
        "office_recalculate computes what is not computed." if special.not_computed else "",
    )  # fmt: skip


@tool(
    effect="read",
    origin=own_or_outside,
    examples=EXAMPLES["office_describe_workbook"],
)  # fmt: skip
def office_describe_workbook(
    ctx: Context,
    path: PathText,
    preview: Annotated[int, Field("Rows to show of each sheet.", ge=0, le=20)] = 3,
) -> Workbook:
    """The sheets of a workbook with size, first rows, tables, named ranges, errors, formulas without a value, and
    warnings of macros, links and formulas that reach out. Start here with a workbook you do not know."""
    from mcp_agent_office.guard.contents import warnings_of
    from mcp_agent_office.sheets.book import open_book

    book = open_book(ctx, path)
    sheets = [_facts(book, sheet.name, not sheet.visible, preview) for sheet in book.sheets]
    outline = book.outline
    if outline is None:
        return Workbook(book.path, book.version or "", sheets)
    warnings = warnings_of(ctx, path)
    tables = {table.name: f"{table.sheet}!{table.area}" for table in outline.tables}
    return Workbook(book.path, book.version or "", sheets, tables, outline.names, warnings)


def _facts(book: Book, name: str, hidden: bool, preview: int) -> SheetFacts:
    from mcp_agent_office.sheets.book import Place
    from mcp_agent_office.sheets.cells import Area

    height, width = book.size(name)
    if not height:
        return SheetFacts(name, "", [], hidden=hidden)
    first = list(book.rows(Place(name, Area(1, 1, preview, min(width, _NAMED))))) if preview else []
    special = book.special(name)
    errors = dict(list(special.errors.items())[:_NAMED])
    whole = str(Area(1, 1, height, width))
    return SheetFacts(name, whole, first, special.formulas, len(special.not_computed), errors, hidden)


@tool(
    effect="read",
    origin=own_or_outside,
    timeout=90,
    examples=EXAMPLES["office_query_sheet"],
)  # fmt: skip
def office_query_sheet(
    ctx: Context,
    path: PathText,
    sql: Annotated[str, Field("One SELECT in SQLite's SQL; names with spaces in double quotes.", min_length=1)],
    limit: Annotated[int, Field("Rows at most.", ge=1, le=200_000)] = 1000,
    header_row: Annotated[
        int | None, Field("The row that names the columns, 0 for none; found out without it.", ge=0)
    ] = None,
) -> Found:
    """Ask a workbook in SQL: each sheet and each table in it is a table with its name, columns are named by the
    headers or A, B, C. Dates are text like 2026-01-31. Besides SQLite's functions there are median() and stdev().
    Reads only."""
    from mcp_agent_office.sheets.book import open_book
    from mcp_agent_office.sheets.query import query

    book = open_book(ctx, path)
    found = query(book, sql, limit, header_row)
    missing = [f"{sheet}!{cell}" for sheet in found.tables if sheet in {s.name for s in book.sheets}
               for cell in book.special(sheet).not_computed]  # fmt: skip
    if missing:
        raise ToolError(
            f"{len(missing)} formulas have no value yet, such as {missing[0]}, so the answer would be wrong.",
            hint="Call office_recalculate first.",
        )
    return found
