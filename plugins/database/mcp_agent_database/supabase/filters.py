"""Filters in MongoDB's words as parameters of PostgREST: ``{"age": {"$gt": 30}}`` is ``age=gt.30``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from mcp_agent import ToolError

_OPERATORS: Mapping[str, str] = {
    "$eq": "eq", "$ne": "neq", "$gt": "gt", "$gte": "gte", "$lt": "lt", "$lte": "lte", "$like": "like",
    "$ilike": "ilike", "$regex": "match",
}  # fmt: skip
_GROUPS: Mapping[str, str] = {"$and": "and", "$or": "or", "$nor": "not.or"}
_NOT_COLUMNS = frozenset({"select", "order", "limit", "offset", "and", "or", "not", "columns", "on_conflict", "apikey"})
"""What means something else as the name of a parameter."""
_BARE_NAME = re.compile(r"\w+(\.\w+)*(->>?\w+)*")
_BARE_VALUE = re.compile(r'[^\s,()"\\{}]([^,()"\\{}]*[^\s,()"\\{}])?')
_MOST_DEPTH = 20
_HINT = f"Filters know {', '.join([*_OPERATORS, '$in', '$nin', '$exists', '$not', *_GROUPS])}."


class _Condition(Struct, frozen=True):
    """``value`` as it is; for lists already in quotes."""

    column: str
    operator: str
    value: str
    quoted: bool = False


class _Group(Struct, frozen=True):
    operator: str
    parts: tuple[_Condition | _Group, ...]


def parameters(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """All of which must hold. Raises ToolError for what PostgREST has no word for."""
    made = []
    for part in _parts(found, 0):
        if isinstance(part, _Condition) and part.column not in _NOT_COLUMNS:
            made.append((name(part.column), f"{part.operator}.{part.value}"))
        else:  # a parameter for groups takes one, in parentheses
            made.append(("and", f"({_in_group(part)})"))
    return made


def name(column: str) -> str:
    """A column, also inside of JSON (``data->>city``) or of a table that is joined (``customers.city``)."""
    return column if _BARE_NAME.fullmatch(column) else _quoted(column)


def _parts(found: Any, depth: int) -> list[_Condition | _Group]:
    if not isinstance(found, Mapping) or depth > _MOST_DEPTH:
        raise ToolError("A filter is an object: {'age': {'$gt': 30}}, not too deep.", hint=_HINT)
    parts: list[_Condition | _Group] = []
    for key, value in found.items():
        if key in _GROUPS:
            if not isinstance(value, list) or not value:
                raise ToolError(f"{key} takes a list of filters.")
            parts.append(_Group(_GROUPS[key], tuple(_together(_parts(one, depth + 1)) for one in value)))
        elif key.startswith("$") or not key:
            raise ToolError(f"{key[:50]!r} is not known here.", hint=_HINT)
        elif isinstance(value, Mapping):
            parts += [_condition(key, operator, inner, depth) for operator, inner in value.items()]
        else:
            parts.append(_condition(key, "$eq", value, depth))
    return parts


def _together(parts: list[_Condition | _Group]) -> _Condition | _Group:
    return parts[0] if len(parts) == 1 else _Group("and", tuple(parts))


def _condition(column: str, operator: str, value: Any, depth: int) -> _Condition | _Group:
    if operator == "$not" and isinstance(value, Mapping):
        inner = [_condition(column, one, each, depth + 1) for one, each in value.items()]
        return _Group("not.and", tuple(inner))
    if operator == "$exists":
        return _Condition(column, "not.is" if value else "is", "null")
    if operator in ("$in", "$nin") and isinstance(value, list):
        listed = ",".join(_in_list(_text(one)) for one in value)
        return _Condition(column, "in" if operator == "$in" else "not.in", f"({listed})", quoted=True)
    if operator in ("$eq", "$ne") and (value is None or isinstance(value, bool)):
        return _Condition(column, "is" if operator == "$eq" else "not.is", _text(value))
    if operator not in _OPERATORS:
        raise ToolError(f"{operator[:50]} is not known here, or not with this value.", hint=_HINT)
    return _Condition(column, _OPERATORS[operator], _text(value))


def _in_group(part: _Condition | _Group) -> str:
    if isinstance(part, _Group):
        return f"{part.operator}({','.join(map(_in_group, part.parts))})"
    value = part.value if part.quoted else _in_list(part.value)
    return f"{name(part.column)}.{part.operator}.{value}"


def _in_list(value: str) -> str:
    return value if _BARE_VALUE.fullmatch(value) else _quoted(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
