"""Numbers in cells, and the looks that make a number a date: kept in the styles of the workbook."""

from __future__ import annotations

import re
import zipfile
from copy import deepcopy
from datetime import date, datetime, timedelta
from typing import Any

from mcp_agent_office.needs import need
from mcp_agent_office.sheets.outline import MAIN, relations

_DAY, _MOMENT = 14, 22
_MARCH_1900 = 61
_DATES = frozenset((*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)))
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


class Stamps:
    """Adds a look for dates when one is needed, and leaves the styles alone otherwise."""

    def __init__(self, package: zipfile.ZipFile, sheet: str, from_1904: bool) -> None:
        self._from_1904 = from_1904
        self._epoch = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
        parts = (target for name in package.namelist() if name.endswith("workbook.xml")
                 for kind, target in relations(package, name).values() if kind == "styles")  # fmt: skip
        self._part = next(parts, None)
        self._package = package
        self._root: Any = None
        self._made: dict[tuple[int, int], int] = {}

    def number(self, cell: Any, value: bool | int | float | date) -> str:
        """The number to write. A date is given the look of one, unless the cell has such a look already."""
        if isinstance(value, bool):
            return str(int(value))
        if not isinstance(value, date):
            return repr(value)
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        if self._part is not None:
            base = int(cell.get("s", "0"))
            cell.set("s", str(self._style(base, _MOMENT if isinstance(value, datetime) else _DAY)))
        days = (moment - self._epoch) / timedelta(days=1)
        if not self._from_1904 and days < _MARCH_1900:
            days -= 1  # sheets count a 29 February 1900 that never was
        return str(int(days)) if days.is_integer() else repr(days)

    def changed(self) -> dict[str, bytes | None]:
        if not self._made or self._part is None:
            return {}
        etree = need("lxml.etree")
        return {self._part: etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)}

    def _style(self, base: int, number_format: int) -> int:
        looks = self._looks()
        if base < len(looks) and self._shows_dates(int(looks[base].get("numFmtId", "0"))):
            return base
        if (base, number_format) not in self._made:
            made = deepcopy(looks[base if base < len(looks) else 0])
            made.set("numFmtId", str(number_format))
            made.set("applyNumberFormat", "1")
            looks.append(made)
            looks.set("count", str(len(looks)))
            self._made[base, number_format] = len(looks) - 1
        return self._made[base, number_format]

    def _looks(self) -> Any:
        if self._root is None and self._part is not None:
            etree = need("lxml.etree")
            self._root = etree.fromstring(self._package.read(self._part), etree.XMLParser(resolve_entities=False))
        return self._root.find(f"{MAIN}cellXfs")

    def _shows_dates(self, number: int) -> bool:
        if number in _DATES:
            return True
        for node in self._root.iter(f"{MAIN}numFmt"):
            if int(node.get("numFmtId", "0")) == number:
                return bool(re.search("[dmyhs]", _QUOTED.sub("", node.get("formatCode", "").lower())))
        return False
