"""What a workbook's package says of itself: sheets and their parts, names, tables. For .xlsx and its kin."""

from __future__ import annotations

import io
import posixpath
import zipfile
from xml.etree import ElementTree

from msgspec import Struct

from mcp_agent import ToolError

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class SheetPart(Struct, frozen=True):
    """``part`` is its name in the package."""

    name: str
    part: str
    visible: bool


class TablePart(Struct, frozen=True):
    name: str
    sheet: str
    area: str
    part: str


class Outline(Struct, frozen=True):
    """``names`` are the named ranges with what they refer to."""

    sheets: list[SheetPart]
    names: dict[str, str]
    tables: list[TablePart]
    from_1904: bool

    def sheet(self, name: str | None) -> SheetPart:
        """By name, whatever its case; the first without one. Raises ToolError."""
        if name is None:
            return self.sheets[0]
        return find_named(self.sheets, name)


def find_named(sheets: list[SheetPart], name: str) -> SheetPart:
    found = next((sheet for sheet in sheets if sheet.name.casefold() == name.casefold()), None)
    if found is None:
        raise ToolError(f"There is no sheet {name!r}.", hint=f"There are: {', '.join(s.name for s in sheets[:30])}.")
    return found


def read_outline(data: bytes) -> Outline:
    """Raises ToolError for a package that holds no workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        try:
            workbook_part = _workbook_part(package)
            root = ElementTree.fromstring(package.read(workbook_part))
            targets = relations(package, workbook_part)
        except (KeyError, ElementTree.ParseError) as error:
            raise ToolError(f"This is no workbook: {error}.", hint="Is it a document or a deck?") from None
        space = STRICT if root.tag.startswith(STRICT) else MAIN
        sheets = [
            SheetPart(node.get("name", ""), part, node.get("state", "visible") == "visible")
            for node in root.iter(f"{space}sheet")
            if (part := targets.get(node.get(_RELATION) or node.get(_STRICT_RELATION) or "", ("", ""))[1])
            and part in package.NameToInfo
        ]
        if not sheets:
            raise ToolError("There is no sheet in this workbook.")
        names = {
            node.get("name", ""): (node.text or "").strip()
            for node in root.iter(f"{space}definedName")
            if not node.get("name", "").startswith("_xlnm.")
        }
        tables = [table for sheet in sheets for table in _tables(package, sheet, space)]
        properties = root.find(f"{space}workbookPr")
        from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        return Outline(sheets, names, tables, from_1904)


def relations(package: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Of a part: by id, the last word of the kind and the full name of the target, of those inside of the package."""
    folder, name = posixpath.split(part)
    path = f"{folder}/_rels/{name}.rels".lstrip("/")
    if path not in package.NameToInfo:
        return {}
    found = {}
    for node in ElementTree.fromstring(package.read(path)):
        if node.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, node.get("Target", ""))).lstrip("/")
            found[node.get("Id", "")] = (node.get("Type", "").rpartition("/")[2], target)
    return found


def _workbook_part(package: zipfile.ZipFile) -> str:
    for kind, target in relations(package, "").values():
        if kind == "officeDocument":
            return target
    raise KeyError("it has no main part")


def _tables(package: zipfile.ZipFile, sheet: SheetPart, space: str) -> list[TablePart]:
    found = []
    for kind, target in relations(package, sheet.part).values():
        if kind == "table" and target in package.NameToInfo:
            node = ElementTree.fromstring(package.read(target))
            found.append(TablePart(node.get("displayName", ""), sheet.name, node.get("ref", ""), target))
    return found
