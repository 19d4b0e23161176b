"""Arguments and results of the tools that the parts below them speak in too."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Struct

from mcp_agent import Field

Color = Annotated[str, Field("A colour as RRGGBB.", pattern="^[0-9A-Fa-f]{6}$")]
ChartKind = Literal["column", "bar", "line", "pie", "area", "scatter"]
How = Literal["sum", "count", "average", "min", "max", "median"]
_ROWS = (
    "Rows: lists of values, the first with the headers; or objects. Text with = in front is a formula, text like "
    "2026-01-31 a date."
)


class NewSheet(Struct, frozen=True):
    """One sheet of a new workbook."""

    name: Annotated[str, Field("Its name, 31 characters at most.")]
    rows: Annotated[list[list[Any] | dict[str, Any]], Field(_ROWS)]
    formats: Annotated[dict[str, str], Field("Number formats by header or letter: {'Price': '#,##0.00'}.")] = {}


class Look(Struct, frozen=True):
    """What is left out stays as it is."""

    bold: bool | None = None
    italic: bool | None = None
    size: Annotated[float, Field("Points.", ge=6, le=96)] | None = None
    color: Color | None = None
    fill: Color | None = None
    number_format: Annotated[str, Field("Such as '#,##0.00', '0 %', 'yyyy-mm-dd'.", max_length=200)] | None = None
    align: Literal["left", "center", "right"] | None = None
    wrap: bool | None = None
    border: Annotated[bool, Field("Thin lines around each cell.")] | None = None
    width: Annotated[float, Field("Of the columns, in characters.", gt=0, le=255)] | None = None


class Found(Struct, frozen=True):
    """``more`` says that there were more rows than asked for. ``tables`` gives the columns that could be asked for."""

    rows: list[dict[str, Any]]
    tables: dict[str, list[str]]
    more: bool
