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


class ChartSpec(Struct, frozen=True):
    """A chart on a slide."""

    categories: Annotated[list[str], Field("Along the axis.", min_length=1, max_length=60)]
    series: Annotated[
        dict[str, list[float | None]], Field("Values by name, one for each category.", min_length=1, max_length=8)
    ]
    kind: Literal["column", "bar", "line", "pie", "area"] = "column"


class SlideSpec(Struct, frozen=True):
    """One slide: a title, and up to two of bullets, table, chart and picture side by side."""

    title: Annotated[str, Field("Its title.", min_length=1, max_length=300)]
    subtitle: Annotated[str, Field("On a slide with a title alone.", max_length=300)] = ""
    bullets: Annotated[list[str], Field("Two spaces in front make a level deeper.", max_length=30)] = []
    table: Annotated[list[list[Any]], Field("Rows, the first with the headers.")] = []
    chart: ChartSpec | None = None
    picture: Annotated[str, Field("The file of a picture.")] = ""
    notes: Annotated[str, Field("What the speaker says.")] = ""


class Finding(Struct, frozen=True):
    """``kind`` is title, outside, overflow, overlap, small, contrast or empty."""

    slide: int
    kind: str
    shape: str
    what: str
