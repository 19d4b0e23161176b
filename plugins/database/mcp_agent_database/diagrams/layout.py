"""Where tables stand in a picture: what is pointed to on the left, what points there on the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from mcp_agent_database.diagrams.mermaid import full, keys_of
from mcp_agent_database.engine import Table

_MOST_ROWS = 24
_LONGEST = 34
_TALLEST = 60.0
"""Lines in one column of boxes, before another is begun beside it."""
_GAP = 2.0


class Row(Struct, frozen=True):
    """A column of a table, as text."""

    name: str
    type: str
    keys: str


class Box(Struct, frozen=True):
    """A table. ``column`` counts from the left; ``top`` and ``height`` are in lines, the title being one of them."""

    name: str
    rows: tuple[Row, ...]
    column: int
    top: float

    @property
    def height(self) -> float:
        return 1.0 + len(self.rows)


class Line(Struct, frozen=True):
    """A foreign key: from a row of a box to the title of another."""

    start: str
    row: int
    end: str


class Plan(Struct, frozen=True):
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def plan(tables: Sequence[Table]) -> Plan:
    """The same for the same tables, whatever their order."""
    known = {full(one.relation.schema, one.relation.name): one for one in tables}
    points = {name: sorted({key.to_table for key in one.references if key.to_table in known} - {name})
              for name, one in known.items()}  # fmt: skip
    boxes: dict[str, Box] = {}
    column = 0
    for names in _ranks(points):
        top = 0.0
        for name in sorted(names, key=lambda one: (_middle(points[one], boxes), one)):
            rows = _rows(known[name])
            if top and top + 1 + len(rows) > _TALLEST:
                column, top = column + 1, 0.0
            boxes[name] = Box(name, rows, column, top)
            top += 1 + len(rows) + _GAP
        column += 1
    lines = [
        Line(name, _row_of(boxes[name], key.columns[0]), key.to_table)
        for name in boxes
        for key in known[name].references
        if key.to_table in boxes and key.columns
    ]
    return Plan(tuple(boxes.values()), tuple(lines))


def _ranks(points: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """A table stands right of all it points to; circles are cut where they close."""
    rank: dict[str, int] = {}

    def place(name: str, above: frozenset[str]) -> int:
        if name not in rank:
            under = [place(one, above | {name}) for one in points[name] if one not in above]
            rank[name] = 1 + max(under, default=-1)
        return rank[name]

    for name in sorted(points):
        place(name, frozenset())
    found: list[list[str]] = [[] for _ in range(1 + max(rank.values(), default=-1))]
    for name, one in rank.items():
        found[one].append(name)
    return found


def _middle(names: Sequence[str], boxes: Mapping[str, Box]) -> float:
    """How far down the tables stand that one points to: it should stand beside them."""
    tops = [boxes[one].top for one in names if one in boxes]
    return sum(tops) / len(tops) if tops else _TALLEST


def _rows(table: Table) -> tuple[Row, ...]:
    rows = [
        Row(_short(column.name), _short(column.type), keys)
        for column, keys in zip(table.columns, keys_of(table), strict=True)
    ]
    if len(rows) > _MOST_ROWS:
        rows = [*rows[: _MOST_ROWS - 1], Row(f"... {len(rows) - _MOST_ROWS + 1} more", "", "")]
    return tuple(rows)


def _row_of(box: Box, column: str) -> int:
    """The last one where the column is among those that are left out."""
    name = _short(column)
    return next((number for number, row in enumerate(box.rows) if row.name == name), max(0, len(box.rows) - 1))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
