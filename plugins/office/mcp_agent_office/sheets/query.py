"""SQL over sheets, in SQLite: kept in memory, read-only, bounded in time and size, with no way to any file."""

from __future__ import annotations

import re
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from mcp_agent import ToolError
from mcp_agent_office.model import Found
from mcp_agent_office.sheets.book import Book, Place
from mcp_agent_office.sheets.cells import WHOLE, letters
from mcp_agent_office.sheets.values import looks_like_header

SECONDS = 20.0
MOST_BYTES = 512 * 2**20
_STEPS = 50_000
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
_DENIED = {"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"}


def query(book: Book, sql: str, most: int, header_row: int | None) -> Found:
    """Each sheet is a table of its name. Raises ToolError."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    try:
        connection.execute(f"pragma max_page_count = {MOST_BYTES // 4096}")
        wanted = [place for name, place in _tables(book).items() if name.casefold() in sql.casefold()]
        if not wanted:
            raise ToolError("The SQL names no sheet.", hint=f'Tables: "{_named(book)}". Put names with spaces into "".')
        names = [name for name in _tables(book) if name.casefold() in sql.casefold()]
        tables = {
            name: _load(connection, name, book.rows(place), header_row)
            for name, place in zip(names, wanted, strict=True)
        }
        _lock(connection)
        return _run(connection, sql, most, tables)
    finally:
        connection.close()


def _tables(book: Book) -> dict[str, Place]:
    """Sheets, and tables in them, by name."""
    found = {sheet.name: Place(sheet.name, WHOLE) for sheet in book.sheets}
    for table in book.outline.tables if book.outline else ():
        found.setdefault(table.name, book.find(None, table.name))
    return found


def _named(book: Book) -> str:
    return '", "'.join(_tables(book))


def _load(connection: sqlite3.Connection, name: str, rows: Iterator[list[Any]], header_row: int | None) -> list[str]:
    first = next(rows, [])
    second = next(rows, None)
    if header_row is None:
        header = looks_like_header(first, second)
    else:
        header = header_row > 0
        for _ in range(header_row - 1):
            first, second = second or [], next(rows, None)
    columns = _columns(first if header else [None] * len(first)) or ["A"]
    marks = ", ".join("?" * len(columns))
    start = ([] if header else [first]) + ([second] if second is not None else [])
    insert = f"insert into {_quoted(name)} values ({marks})"
    try:
        connection.execute(f"create table {_quoted(name)} ({', '.join(map(_quoted, columns))})")
        for some in (start, rows):
            connection.executemany(insert, (row for row in some if any(value is not None for value in row)))
    except sqlite3.Error as error:
        raise ToolError(
            f"{name} could not be loaded: {error}.", hint="office_read_sheet reads it part by part."
        ) from None
    connection.commit()
    return columns


def _columns(first: list[Any]) -> list[str]:
    """Headers as names of columns, each once; letters where there is none."""
    names: list[str] = []
    for number, value in enumerate(first, 1):
        base = re.sub(r"\s+", " ", str(value)).strip() if value is not None else letters(number)
        name, count = base, 2
        while name.casefold() in (other.casefold() for other in names):
            name, count = f"{base} {count}", count + 1
        names.append(name)
    return names


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _lock(connection: sqlite3.Connection) -> None:
    """From here on: reading, for a while."""
    connection.create_aggregate("median", 1, _aggregate(statistics.median))
    connection.create_aggregate("stdev", 1, _aggregate(statistics.stdev))
    until = time.monotonic() + SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 64 * 2**20)

    def allowed(action: int, first: str | None, second: str | None, *_: Any) -> int:
        denied = action not in _ALLOWED or (action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _DENIED)
        return sqlite3.SQLITE_DENY if denied else sqlite3.SQLITE_OK

    connection.set_authorizer(allowed)


def _aggregate(compute: Callable[[list[float]], float]) -> type:
    class Aggregate:
        def __init__(self) -> None:
            self.values: list[float] = []

        def step(self, value: Any) -> None:
            if isinstance(value, int | float):
                self.values.append(value)

        def finalize(self) -> float | None:
            try:
                return compute(self.values)
            except statistics.StatisticsError:
                return None

    return Aggregate


def _run(connection: sqlite3.Connection, sql: str, most: int, tables: dict[str, list[str]]) -> Found:
    try:
        cursor = connection.execute(sql)
        names = _columns([column[0] for column in cursor.description or ()])
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchmany(most + 1)]
    except (sqlite3.Error, sqlite3.Warning) as error:
        known = "; ".join(f"{_quoted(name)}: {', '.join(map(_quoted, columns))}" for name, columns in tables.items())
        told = "it took too long" if "interrupted" in str(error) else str(error)
        raise ToolError(
            f"The SQL failed: {told}.", hint=f"One SELECT in SQLite's SQL. There is {known}."[:1500]
        ) from None
    if any(isinstance(value, bytes) for row in rows for value in row.values()):
        raise ToolError("The SQL gives bytes, which no sheet holds.", hint="Select columns, numbers or text.")
    return Found(rows[:most], tables, len(rows) > most)
