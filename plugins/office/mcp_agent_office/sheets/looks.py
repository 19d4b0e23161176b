"""How cells look, and charts over them: with openpyxl, which may lose what it does not know. The caller checks that."""

from __future__ import annotations

from copy import copy
from typing import Any

from mcp_agent import ToolError
from mcp_agent_office.model import ChartKind, Look
from mcp_agent_office.needs import need
from mcp_agent_office.sheets.cells import Area, letters, parse_cell

MOST_CELLS = 200_000
PALETTE = ("1F4E79", "C55A11", "548235", "7F6000", "7030A0", "2E75B6", "A5A5A5", "C00000")
_WIDTH_CM, _HEIGHT_CM = 18.0, 9.5


def apply_look(sheet: Any, area: Area, look: Look) -> int:
    """How many cells were changed. Raises ToolError for too many."""
    if area.rows * area.columns > MOST_CELLS:
        raise ToolError(f"{area} has too many cells to format.", hint=f"{MOST_CELLS:,} at most: give a smaller range.")
    for column in range(area.left, area.right + 1) if look.width else ():
        sheet.column_dimensions[letters(column)].width = look.width
    styles = need("openpyxl.styles")
    for row in sheet.iter_rows(area.top, area.bottom, area.left, area.right):
        for cell in row:
            if cell.__class__.__name__ != "MergedCell":
                _dress(styles, cell, look)
    return area.rows * area.columns


def _dress(styles: Any, cell: Any, look: Look) -> None:
    font = {"b": look.bold, "i": look.italic, "sz": look.size, "color": look.color}
    if any(value is not None for value in font.values()):
        cell.font = copy(cell.font) + styles.Font(**{key: value for key, value in font.items() if value is not None})
        for key, value in (("b", look.bold), ("i", look.italic)):
            if value is False:
                changed = copy(cell.font)
                setattr(changed, key, False)
                cell.font = changed
    if look.fill is not None:
        cell.fill = styles.PatternFill("solid", fgColor=look.fill)
    if look.number_format is not None:
        cell.number_format = look.number_format
    if look.align is not None or look.wrap is not None:
        changed = copy(cell.alignment)
        changed.horizontal = look.align or changed.horizontal
        changed.wrap_text = changed.wrap_text if look.wrap is None else look.wrap
        cell.alignment = changed
    if look.border is not None:
        side = styles.Side(style="thin", color="BFBFBF") if look.border else styles.Side()
        cell.border = styles.Border(left=side, right=side, top=side, bottom=side)


def add_chart(sheet: Any, source: Any, area: Area, kind: ChartKind, title: str, at: str) -> None:
    """A chart over a range whose first row names the series and whose first column holds the categories."""
    if area.rows < 2 or area.columns < 2:
        raise ToolError(f"{area} is too small for a chart.", hint="Take the headers and the first column with it.")
    parse_cell(at)
    charts = need("openpyxl.chart")
    makers = {"column": charts.BarChart, "bar": charts.BarChart, "line": charts.LineChart, "pie": charts.PieChart,
              "area": charts.AreaChart, "scatter": charts.ScatterChart}  # fmt: skip
    chart = makers[kind]()
    chart.title, chart.width, chart.height = title or None, _WIDTH_CM, _HEIGHT_CM
    chart.legend.position = "b"
    categories = charts.Reference(source, min_col=area.left, min_row=area.top + 1, max_row=area.bottom)
    if kind == "scatter":
        _scatter(charts, chart, source, area, categories)
    else:
        data = charts.Reference(
            source, min_col=area.left + 1, max_col=area.left + 1 if kind == "pie" else area.right, min_row=area.top,
            max_row=area.bottom,
        )  # fmt: skip
        chart.add_data(data, titles_from_data=True)
        chart.set_categories(categories)
    if kind in ("column", "bar"):
        chart.type, chart.gapWidth = ("col" if kind == "column" else "bar"), 60
    _colours(chart, kind)
    if kind != "pie":
        chart.x_axis.delete = chart.y_axis.delete = False
        line = need("openpyxl.drawing.line").LineProperties(solidFill="D9D9D9")
        chart.y_axis.majorGridlines.spPr = need("openpyxl.chart.shapes").GraphicalProperties(ln=line)
        if area.columns == 2:
            chart.legend = None
    sheet.add_chart(chart, at)


def _scatter(charts: Any, chart: Any, source: Any, area: Area, categories: Any) -> None:
    for column in range(area.left + 1, area.right + 1):
        values = charts.Reference(source, min_col=column, min_row=area.top, max_row=area.bottom)
        series = charts.Series(values, categories, title_from_data=True)
        series.marker.symbol, series.graphicalProperties.line.noFill = "circle", True
        chart.series.append(series)


def _colours(chart: Any, kind: ChartKind) -> None:
    if kind == "pie":
        point = need("openpyxl.chart.marker").DataPoint
        for index, colour in enumerate(PALETTE):
            made = point(idx=index)
            made.graphicalProperties.solidFill = colour
            chart.series[0].dPt.append(made)
        return
    for index, series in enumerate(chart.series):
        colour = PALETTE[index % len(PALETTE)]
        if kind == "scatter":
            series.marker.graphicalProperties.solidFill = colour
        elif kind == "line":
            series.graphicalProperties.line.solidFill = colour
            series.smooth = False
        else:
            series.graphicalProperties.solidFill = colour
