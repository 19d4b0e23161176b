"""Values of formulas, computed by LibreOffice and noted beside the formulas. What it cannot compute gets none."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from msgspec import Struct

from mcp_agent import ToolError
from mcp_agent_office.guard.formulas import reaches_out
from mcp_agent_office.needs import need
from mcp_agent_office.render.libreoffice import Renderer
from mcp_agent_office.sheets.outline import MAIN, read_outline
from mcp_agent_office.sheets.repacking import repacked

_UNKNOWN = "#NAME?"
Value = tuple[str | None, str]
"""The type of a cell and its text, as the format writes them."""


class Computed(Struct, frozen=True):
    """``failed`` gives the error by sheet and cell; ``unknown`` are formulas that were not computed at all."""

    data: bytes
    formulas: int
    failed: dict[str, str]
    unknown: list[str]


def recalculated(renderer: Renderer, data: bytes, suffix: str) -> Computed:
    """The same package with all values of formulas as they are now. Raises ToolError."""
    outline = read_outline(data)
    parts: dict[str, bytes | None] = {}
    result = Computed(data, 0, {}, [])
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if not any(b"<f" in package.read(sheet.part) for sheet in outline.sheets):
            return result
        computed = renderer.convert(data, suffix, "xlsx")
        theirs = read_outline(computed).sheets
        if len(theirs) != len(outline.sheets):
            raise ToolError("LibreOffice sees other sheets in this workbook.", hint="Compute it where it was made.")
        with zipfile.ZipFile(io.BytesIO(computed)) as other:
            for sheet, their in zip(outline.sheets, theirs, strict=True):
                content = package.read(sheet.part)
                if b"<f" in content:
                    values = _values(other.read(their.part))
                    parts[sheet.part], result = _noted(content, values, sheet.name, result)
        for name in package.namelist():
            if name.endswith("workbook.xml") and not result.unknown:
                parts[name] = re.sub(rb'\s+fullCalcOnLoad="(?:1|true)"', b"", package.read(name))
        return Computed(repacked(package, parts), result.formulas, result.failed, result.unknown)


def _parsed(sheet: bytes) -> Any:
    etree = need("lxml.etree")
    return etree.fromstring(sheet, etree.XMLParser(resolve_entities=False, huge_tree=True))


def _values(sheet: bytes) -> dict[str, Value]:
    """Of the cells with a formula, by their place."""
    found = {}
    for node in _parsed(sheet).iter(f"{MAIN}f"):
        cell = node.getparent()
        text = cell.findtext(f"{MAIN}v")
        if text is not None:
            found[cell.get("r")] = (cell.get("t"), text)
    return found


def _noted(sheet: bytes, values: dict[str, Value], name: str, so_far: Computed) -> tuple[bytes, Computed]:
    etree, root = need("lxml.etree"), _parsed(sheet)
    failed, unknown, count = dict(so_far.failed), list(so_far.unknown), 0
    for node in list(root.iter(f"{MAIN}f")):
        cell = node.getparent()
        if cell.tag != f"{MAIN}c":
            continue
        place, count = f"{name}!{cell.get('r')}", count + 1
        kind, text = values.get(cell.get("r"), (None, ""))
        if kind == "e":
            failed[place] = text
        for old in cell.findall(f"{MAIN}v"):
            cell.remove(old)
        cell.attrib.pop("t", None)
        if text == _UNKNOWN or (kind is None and not text) or reaches_out(node.text or ""):
            unknown.append(place)
            continue
        if kind not in (None, "n"):
            cell.set("t", kind)
        etree.SubElement(cell, f"{MAIN}v").text = text
    made = bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
    return made, Computed(so_far.data, so_far.formulas + count, failed, unknown)
