"""Values between JSON and cells."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from mcp_agent import ToolError
from mcp_agent_office.guard.formulas import Plain, is_formula

LONGEST_TEXT = 32_767
Row = list[Any] | dict[str, Any]
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BIGGEST_WHOLE = 10**15


def shown(value: Any) -> Any:
    """A value of a cell as JSON: whole numbers without a point, dates in ISO 8601, nothing as None."""
    if value == "" or value is None:
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else value


def to_cell(value: Any, place: str) -> Any:
    """A JSON value as what a cell holds: text that is a date in ISO 8601 becomes one. Raises ToolError."""
    if isinstance(value, str):
        return _from_text(value, place)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):  # a sheet keeps 15 digits: a longer number, such as of an account, stays whole as text
        return value if abs(value) < _BIGGEST_WHOLE else str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ToolError(f"{value} for {place} is no number a sheet can hold.", hint="Leave the cell empty.")
        return value
    return json.dumps(value, ensure_ascii=False, default=str)[:LONGEST_TEXT]


def _from_text(text: str, place: str) -> Any:
    if len(text) > LONGEST_TEXT:
        raise ToolError(f"The text for {place} has {len(text):,} characters; a cell holds {LONGEST_TEXT:,}.")
    for pattern, make in ((_DATE, date), (_MOMENT, datetime)):
        if pattern.fullmatch(text):
            try:
                made = make.fromisoformat(text)
            except ValueError:
                return text
            return made if made.year >= 1900 else text
    clean = _NO_TEXT.sub("", text)
    return Plain(clean) if isinstance(text, Plain) else clean


def table_of(rows: Sequence[Row]) -> list[list[Any]]:
    """Rows as lists. Objects get a first row with their keys, in the order in which they appear."""
    if not any(isinstance(row, dict) for row in rows):
        return [list(row) for row in rows]
    if not all(isinstance(row, dict) for row in rows):
        raise ToolError("Some rows are lists and some are objects.", hint="Give all of them in one way.")
    keys = list(dict.fromkeys(key for row in rows for key in row))
    return [keys, *([row.get(key) for key in keys] for row in rows if isinstance(row, dict))]


def looks_like_header(first: Sequence[Any], second: Sequence[Any] | None) -> bool:
    """Whether a first row names the columns: text in each, all different, and not simply more of the same."""
    names = [value for value in first if value not in (None, "")]
    if not names or len(names) != len(first) or not all(isinstance(name, str) for name in names):
        return False
    if any(is_formula(name) for name in names):
        return False
    if len({name.casefold() for name in names}) != len(names):
        return False
    return second is None or any(not isinstance(value, str) for value in second) or len(names) > 1
