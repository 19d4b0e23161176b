"""What SQLite says about a file: tables, columns, keys, indexes, plans."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from mcp_agent import ToolError
from mcp_agent_database.engine import Field, Index, Plan, Reference, Relation, Table

_RELATIONS = """
    select name, type from sqlite_master
    where type in ('table', 'view') and name not like 'sqlite!_%' escape '!' order by name
"""
_MOST_COUNTED = 100_000
_MOST_TABLES_COUNTED = 50


def relations(connection: sqlite3.Connection) -> list[Relation]:
    found = connection.execute(_RELATIONS).fetchall()
    count = len(found) <= _MOST_TABLES_COUNTED
    return [
        Relation(name, kind, rows=_count(connection, name) if count and kind == "table" else None)
        for name, kind in found
    ]


def table(connection: sqlite3.Connection, name: str) -> Table:
    found = {each[0].lower(): each for each in connection.execute(_RELATIONS)}
    if name.lower() not in found:
        raise ToolError(f"There is no table {name}.", hint="db_schemas lists them.")
    name, kind = found[name.lower()]
    columns = [
        Field(row[1], row[2] or "any", not row[3] and not row[5], row[4], bool(row[5]))
        for row in connection.execute("select * from pragma_table_xinfo(?)", (name,))
        if row[6] != 1
    ]
    return Table(
        Relation(name, kind, rows=_count(connection, name) if kind == "table" else None),
        columns,
        _references(connection, name),
        [
            key
            for other in found.values()
            if other[0] != name
            for key in _references(connection, other[0])
            if key.to_table.lower() == name.lower()
        ],
        _indexes(connection, name),
    )


def health(connection: sqlite3.Connection) -> dict[str, Any]:
    def one(pragma: str) -> Any:
        return connection.execute(f"pragma {pragma}").fetchone()[0]

    problems = [row[0] for row in connection.execute("pragma quick_check")]
    return {
        "version": sqlite3.sqlite_version,
        "bytes": one("page_count") * one("page_size"),
        "free_bytes": one("freelist_count") * one("page_size"),
        "journal": one("journal_mode"),
        "whole": problems == ["ok"],
        "problems": [] if problems == ["ok"] else problems[:20],
        "broken_references": len(connection.execute("pragma foreign_key_check").fetchmany(1000)),
    }


def plan(found: Sequence[tuple[int, int, int, str]], ran: tuple[int, float] | None) -> Plan:
    """From ``EXPLAIN QUERY PLAN``: rows of id, parent, nothing, text."""
    depth = {0: -1}
    steps = []
    for number, parent, _, text in found:
        depth[number] = depth.get(parent, -1) + 1
        steps.append("  " * depth[number] + text)
    notes = [f"It gave {ran[0]:,} rows in {1000 * ran[1]:.1f} ms."] if ran else ["Not run."]
    for step in map(str.strip, steps):
        if step.startswith("SCAN ") and "INDEX" not in step:
            notes.append(f"{step.split()[1]} is read from its start to its end.")
        elif "USE TEMP B-TREE" in step:
            notes.append(f"No index gives the order, so the rows are sorted first ({step.lower()}).")
        elif "AUTOMATIC" in step:
            notes.append(f"SQLite builds an index for this query alone, each time: {step}. A real one would help.")
    return Plan(steps, list(dict.fromkeys(notes)))


def _references(connection: sqlite3.Connection, name: str) -> list[Reference]:
    keys: dict[int, list[tuple[str, str, str | None]]] = {}
    for row in connection.execute(
        'select id, "table", "from", "to" from pragma_foreign_key_list(?) order by id, seq', (name,)
    ):
        keys.setdefault(row[0], []).append(row[1:])
    return [
        Reference(name, [part[1] for part in parts], parts[0][0], [part[2] or "" for part in parts])
        for parts in keys.values()
    ]


def _indexes(connection: sqlite3.Connection, name: str) -> list[Index]:
    statement = "select name, sql from sqlite_master where type = 'index' and tbl_name = ?"
    definitions = dict(connection.execute(statement, (name,)).fetchall())
    found = connection.execute('select name, "unique" from pragma_index_list(?) order by name', (name,)).fetchall()
    return [
        Index(
            index,
            [row[0] or "(expression)" for row in connection.execute("select name from pragma_index_info(?)", (index,))],
            bool(unique),
            definitions.get(index) or "",
        )
        for index, unique in found
    ]


def _count(connection: sqlite3.Connection, name: str) -> int | None:
    """How many rows, None where counting would take long."""
    quoted = '"' + name.replace('"', '""') + '"'
    try:
        [found] = connection.execute(
            f"select count(*) from (select 1 from {quoted} limit {_MOST_COUNTED + 1})"
        ).fetchone()
    except sqlite3.Error:  # a virtual table whose module is not here
        return None
    return found if found <= _MOST_COUNTED else None
