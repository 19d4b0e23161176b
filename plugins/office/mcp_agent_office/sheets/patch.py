"""Changing cells of a workbook inside its package: every part but the sheet stays as it is, byte for byte.

Values that formulas had are taken out, for they may be wrong now: programs compute them when they open the file.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mcp_agent import ToolError
from mcp_agent_office.guard.formulas import check_formula, is_formula
from mcp_agent_office.needs import need
from mcp_agent_office.sheets.cells import Area, address, parse_area, parse_cell
from mcp_agent_office.sheets.outline import MAIN, Outline, read_outline
from mcp_agent_office.sheets.repacking import Parts, recomputed_when_opened, repacked
from mcp_agent_office.sheets.stamps import Stamps

_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""Begins what a sheet reads as the code of a character: _x0041_ is an A."""
Cells = Mapping[tuple[int, int], Any]
_CACHED = re.compile(rb"(<f\b[^>]*(?:/>|>[^<]*</f>))\s*<v\b[^>]*>[^<]+</v>")


def patched(data: bytes, sheet: str, cells: Cells, *, appended: bool = False) -> tuple[bytes, int]:
    """The package with these values, and how many formulas it now has that nobody computed. ``appended``: a table
    right above them takes them in. Raises ToolError."""
    outline = read_outline(data)
    found = outline.sheet(sheet)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        _check_places(package, outline, found.name, found.part, cells)
        stamps = Stamps(package, found.part, outline.from_1904)
        parts: Parts = {found.part: _with_cells(package.read(found.part), cells, stamps)}
        parts.update(stamps.changed())
        if appended:
            parts.update(_grown(package, outline, found.name, cells))
        formulas = 0
        for other in outline.sheets:
            content, count = _CACHED.subn(rb"\1", parts.get(other.part) or package.read(other.part))
            formulas += content.count(b"<f>") + content.count(b"<f ")
            if count or other.part in parts:
                parts[other.part] = content
        if formulas:
            parts.update(recomputed_when_opened(package))
        return repacked(package, parts), formulas


def _check_places(package: zipfile.ZipFile, outline: Outline, sheet: str, part: str, cells: Cells) -> None:
    headers = [parse_area(table.area) for table in outline.tables if table.sheet == sheet]
    merged = [parse_area(ref.decode()) for ref in re.findall(rb'<mergeCell\b[^>]*\bref="([^"]+)"', package.read(part))]
    for row, column in cells:
        if any(area.top == row and area.left <= column <= area.right for area in headers):
            raise ToolError(
                f"{address(row, column)} is the name of a column of a table, which formulas may use.",
                hint="Write below it. A new workbook can have other names.",
            )
        if any(area.holds(row, column) and (row, column) != (area.top, area.left) for area in merged):
            raise ToolError(f"{address(row, column)} is hidden in merged cells.", hint="Write to their first cell.")


def _grown(package: zipfile.ZipFile, outline: Outline, sheet: str, cells: Cells) -> Parts:
    """Tables with the rows right below them; one that ends in totals stays, for the new rows are below these."""
    parts: Parts = {}
    for table in outline.tables:
        area, content = parse_area(table.area), package.read(table.part)
        below = [row for row, column in cells if row > area.bottom and area.left <= column <= area.right]
        if table.sheet != sheet or area.bottom + 1 not in below or re.search(rb'totalsRowCount="[1-9]', content):
            continue
        grown = Area(area.top, area.left, max(below), area.right)
        parts[table.part] = content.replace(f'ref="{table.area}"'.encode(), f'ref="{grown}"'.encode())
    return parts


def _with_cells(sheet: bytes, cells: Cells, stamps: Stamps) -> bytes:
    etree = need("lxml.etree")
    root = etree.fromstring(sheet, etree.XMLParser(resolve_entities=False, huge_tree=True))
    data = root.find(f"{MAIN}sheetData")
    if data is None:
        raise ToolError("This sheet has no cells: it is a chart, or written in the strict form of the format.")
    rows = _numbered(data)
    by_row: dict[int, dict[int, Any]] = {}
    for (row, column), value in cells.items():
        by_row.setdefault(row, {})[column] = value
    _free_shared_formulas(data, cells)
    for row in sorted(by_row):
        _fill_row(etree, _row(etree, data, rows, row), row, by_row[row], stamps)
    _stretch(root, cells)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _numbered(data: Any) -> dict[int, Any]:
    """Rows by number. A row or cell without a place stands after the one before it: it is given its place."""
    rows, row_number = {}, 0
    for row in data:
        row_number = int(row.get("r") or row_number + 1)
        row.set("r", str(row_number))
        rows[row_number] = row
        column = 0
        for cell in row:
            column = parse_cell(cell.get("r"))[1] if cell.get("r") else column + 1
            cell.set("r", address(row_number, column))
    return rows


def _row(etree: Any, data: Any, rows: dict[int, Any], number: int) -> Any:
    if number not in rows:
        made = etree.Element(f"{MAIN}row", r=str(number))
        if not rows or number > max(rows):
            data.append(made)
        else:
            rows[min(other for other in rows if other > number)].addprevious(made)
        rows[number] = made
    return rows[number]


def _fill_row(etree: Any, row: Any, number: int, values: dict[int, Any], stamps: Stamps) -> None:
    there = {parse_cell(cell.get("r"))[1]: cell for cell in row if cell.tag == f"{MAIN}c"}
    for column in sorted(values):
        cell = there.get(column)
        if cell is None:
            cell = etree.Element(f"{MAIN}c", r=address(number, column))
            there[column] = cell
        _set(etree, cell, values[column], stamps)
    row[:] = [*(there[column] for column in sorted(there)), *(node for node in row if node.tag != f"{MAIN}c")]
    row.attrib.pop("spans", None)


def _set(etree: Any, cell: Any, value: Any, stamps: Stamps) -> None:
    """Its look stays as it is, but for a date, which needs to be shown as one."""
    check_formula(value, cell.get("r"))
    for node in list(cell):
        cell.remove(node)
    cell.attrib.pop("t", None)
    cell.attrib.pop("cm", None)
    if value is None:
        return
    if is_formula(value):
        etree.SubElement(cell, f"{MAIN}f").text = value[1:]
    elif isinstance(value, str):
        cell.set("t", "inlineStr")
        text = etree.SubElement(etree.SubElement(cell, f"{MAIN}is"), f"{MAIN}t")
        text.text = _CODE.sub("_x005F_", value)
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    else:
        if isinstance(value, bool):
            cell.set("t", "b")
        number = stamps.number(cell, value)
        etree.SubElement(cell, f"{MAIN}v").text = number


def _free_shared_formulas(data: Any, cells: Cells) -> None:
    """A formula that others copy is written out for each of them, before it is overwritten."""
    nodes = list(data.iter(f"{MAIN}f"))
    for node in nodes:
        place = parse_cell(node.getparent().get("r"))
        if node.get("t") == "array" and node.get("ref"):
            area = parse_area(node.get("ref"))
            if area.rows * area.columns > 1 and any(area.holds(*cell) for cell in cells):
                raise ToolError(f"One formula fills {area}; a part of it cannot be changed.", hint="Write elsewhere.")
        if node.get("t") == "shared" and node.text and place in cells:
            _write_out([other for other in nodes if other.get("si") == node.get("si")], node)


def _write_out(nodes: Sequence[Any], master: Any) -> None:
    translator = need("openpyxl.formula.translate").Translator
    text, origin = f"={master.text}", master.getparent().get("r")
    for node in nodes:
        moved = translator(text, origin=origin).translate_formula(node.getparent().get("r"))
        node.text = moved[1:]
        for key in ("t", "ref", "si"):
            node.attrib.pop(key, None)


def _stretch(root: Any, cells: Cells) -> None:
    node = root.find(f"{MAIN}dimension")
    if node is None or not cells:
        return
    area = parse_area(node.get("ref", "A1"))
    rows, columns = [row for row, _ in cells], [column for _, column in cells]
    node.set("ref", str(Area(min(area.top, *rows), min(area.left, *columns), max(area.bottom, *rows),
                             max(area.right, *columns))))  # fmt: skip


def filled(
    rows: Sequence[Sequence[Any]], top: int, left: int, convert: Callable[[Any, str], Any]
) -> dict[tuple[int, int], Any]:
    """Rows of values as cells from a corner on."""
    return {
        (row, column): convert(value, address(row, column))
        for row, values in enumerate(rows, top)
        for column, value in enumerate(values, left)
    }
