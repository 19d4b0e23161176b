"""Workbooks to test on, and what is inside of one."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
from openpyxl.chart import BarChart, Reference

ROWS = [["name", "city", "amount", "day"], ["Ada", "Rome", 10, "2026-01-31"], ["Bo", "Oslo", 2.5, "2026-02-01"],
        ["Cy", "Rome", 7, "2026-02-02"]]  # fmt: skip


def sales(name: str = "Sales") -> list[dict[str, Any]]:
    return [{"name": name, "rows": ROWS, "formats": {"amount": "#,##0.00"}}]


def rich_workbook() -> bytes:
    """With a chart, names, a comment, a rule, a formula that others share, and a part that nobody knows."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in ROWS:
        sheet.append(row)
    sheet["F1"], sheet["F2"] = "=SUM(C2:C4)", "=F1*2"
    sheet["A1"].comment = openpyxl.comments.Comment("from Ada", "Ada")
    sheet["C2"].font = openpyxl.styles.Font(bold=True, color="FF0000")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=1, max_row=4), titles_from_data=True)
    sheet.add_chart(chart, "H2")
    book.defined_names["Amounts"] = openpyxl.workbook.defined_name.DefinedName("Amounts", attr_text="Sheet!$C$2:$C$4")
    book.create_sheet("Other")["A1"] = "=Sheet!F1"
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("xl/slicers/slicer1.xml", "<slicers/>")
        package.writestr("customXml/item1.xml", "<mine/>")
    return buffer.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def shared_workbook() -> bytes:
    """B2 is written once, and B3 and B4 copy it, as Excel does it."""
    parts = parts_of(rich_workbook())
    cells = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c>{cell}</row>' for row, cell in [
        (2, '<c r="B2"><f t="shared" ref="B2:B4" si="0">A2*$A$2</f><v>44</v></c>'),
        (3, '<c r="B3"><f t="shared" si="0"/><v>66</v></c>'), (4, '<c r="B4"><f t="shared" si="0"/><v>88</v></c>'),
        (6, '<c r="B6"><f t="array" ref="B6:B7">A2:A3</f><v>2</v></c>'), (7, '<c r="B7"><v>3</v></c>'),
    ])  # fmt: skip
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    merged = '<mergeCells count="1"><mergeCell ref="D1:E2"/></mergeCells>'
    parts["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData>{merged}</worksheet>'.encode()
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()
