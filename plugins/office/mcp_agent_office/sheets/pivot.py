"""Summary tables: groups down, groups across, one number in each cell, and totals."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import Any

from mcp_agent import ToolError
from mcp_agent_office.model import How

_BY: dict[str, Callable[[Sequence[Any]], Any]] = {
    "sum": sum, "count": len, "average": statistics.fmean, "min": min, "max": max, "median": statistics.median
}  # fmt: skip
MOST_ACROSS = 200
TOTAL = "Total"


def pivot(
    header: Sequence[Any], rows: Sequence[Sequence[Any]], down: Sequence[str], across: str | None, of: str, how: How
) -> list[list[Any]]:
    """The summary with its headers. Only numbers are summed; everything that is there is counted. Raises ToolError."""
    places = [_place(header, name) for name in down]
    over, value = (None if across is None else _place(header, across)), _place(header, of)
    groups: dict[tuple[Any, ...], dict[Any, list[Any]]] = {}
    for row in rows:
        found = row[value]
        if found is None or (how != "count" and (isinstance(found, bool) or not isinstance(found, int | float))):
            continue
        key, column = tuple(row[place] for place in places), None if over is None else row[over]
        groups.setdefault(key, {}).setdefault(column, []).append(found)
    if not groups:
        raise ToolError(f"There is nothing to summarize: {of} holds no numbers.", hint="Use how='count' for text.")
    columns = sorted({column for group in groups.values() for column in group}, key=_order)
    if len(columns) > MOST_ACROSS:
        raise ToolError(f"{across} has {len(columns):,} different values.", hint="Put it among the rows.")
    return _table(groups, columns, list(down), f"{of} ({how})" if over is None else None, _BY[how])


def _table(
    groups: dict[tuple[Any, ...], dict[Any, list[Any]]], columns: list[Any], down: list[str], single: str | None,
    compute: Callable[[Sequence[Any]], Any],
) -> list[list[Any]]:  # fmt: skip
    head = [single] if single else [*("(empty)" if column is None else str(column) for column in columns), TOTAL]
    made: list[list[Any]] = [[*down, *head]]
    for key in sorted(groups, key=lambda key: [_order(part) for part in key]):
        made.append([*key, *_line(groups[key], columns, single is None, compute)])
    everything = {column: [v for group in groups.values() for v in group.get(column, ())] for column in columns}
    made.append([TOTAL, *[None] * (len(down) - 1), *_line(everything, columns, single is None, compute)])
    return made


def _line(
    group: dict[Any, list[Any]], columns: list[Any], total: bool, compute: Callable[[Sequence[Any]], Any]
) -> list[Any]:
    cells = [compute(group[column]) if group.get(column) else None for column in columns]
    return [*cells, compute([value for values in group.values() for value in values])] if total else cells


def _place(header: Sequence[Any], name: str) -> int:
    names = [str(value).strip().casefold() for value in header]
    if name.strip().casefold() not in names:
        raise ToolError(f"There is no column {name!r}.", hint=f"There are: {', '.join(map(str, header))}."[:500])
    return names.index(name.strip().casefold())


def _order(value: Any) -> tuple[int, Any]:
    if isinstance(value, bool | int | float):
        return (0, value)
    return (2, "") if value is None else (1, str(value).casefold())
