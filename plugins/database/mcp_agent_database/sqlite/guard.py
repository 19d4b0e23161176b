"""What SQLite itself may do for a query: its authorizer is asked while it compiles, about every part of the statement.

Behind that stand a file opened for reading, ``query_only``, limits, and a clock.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable

from mcp_agent_database.words import words

FUNCTIONS = words(
    """
    load_extension fts3_tokenizer optimize readfile writefile edit fsdir zipfile shell eval
    """
)
"""Functions that load code, write or read files, where they are there at all."""
PRAGMAS = words(
    """
    table_info table_xinfo table_list index_list index_info index_xinfo foreign_key_list foreign_key_check
    database_list collation_list function_list module_list pragma_list compile_options data_version page_count
    page_size freelist_count encoding user_version application_id schema_version journal_mode integrity_check
    quick_check
    """
)
"""Pragmas that may be asked. With an argument only those that take the name of a table or index."""
_WITH_ARGUMENT = words(
    """
    table_info table_xinfo table_list index_list index_info index_xinfo foreign_key_list foreign_key_check
    """
)
_READS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})
_ROWS = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE, sqlite3.SQLITE_SAVEPOINT})
_NEVER = frozenset(
    {sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH, sqlite3.SQLITE_CREATE_VTABLE, sqlite3.SQLITE_DROP_VTABLE}
)
_OPCODES_BETWEEN_LOOKS = 20_000
LONGEST = 4_000_000
"""Bytes that a text or blob may have."""
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LONGEST,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 50_000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 500,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 200,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1000,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}

Refusals = list[str]
"""What the authorizer said no to: SQLite itself says only "not authorized"."""


def arm(connection: sqlite3.Connection, seconds: float, *, rows: bool = False, schema: bool = False) -> Refusals:
    """Nothing but reading from here on; with ``rows`` also changes of rows, with ``schema`` also of tables."""
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute(f"PRAGMA query_only = {'OFF' if rows or schema else 'ON'}")
    for limit, value in _LIMITS.items():
        connection.setlimit(limit, value)
    _connect_virtual_tables(connection)
    refusals: Refusals = []
    connection.set_authorizer(_authorizer(refusals, rows, schema))
    limit_time(connection, seconds)
    return refusals


def limit_time(connection: sqlite3.Connection, seconds: float) -> None:
    """Whatever runs on it is interrupted then."""
    end = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > end, _OPCODES_BETWEEN_LOOKS)


def _connect_virtual_tables(connection: sqlite3.Connection) -> None:
    """An R-tree prepares its inserts when it is first used, which the authorizer could not tell from a query's."""
    found = connection.execute("select name from sqlite_master where sql like 'create virtual table%' limit 50")
    for [name] in found.fetchall():
        quoted = '"' + name.replace('"', '""') + '"'
        with contextlib.suppress(sqlite3.Error):  # its module is not here
            connection.execute(f"select 1 from {quoted} limit 0")


def _authorizer(refusals: Refusals, rows: bool, schema: bool) -> Callable[..., int]:
    def allowed(action: int, first: str | None, second: str | None) -> bool:
        if action in _READS or (rows and action in _ROWS):
            return True
        if action == sqlite3.SQLITE_UPDATE and first == "sqlite_master":
            return True  # asked for whenever a virtual table is connected; SQLite refuses it where it is meant
        if action == sqlite3.SQLITE_FUNCTION:
            return (second or "").lower() not in FUNCTIONS
        if action == sqlite3.SQLITE_PRAGMA:
            name = (first or "").lower()
            return name in PRAGMAS and (not second or name in _WITH_ARGUMENT)
        return schema and action not in _NEVER and action != sqlite3.SQLITE_TRANSACTION

    def authorizer(action: int, first: str | None, second: str | None, database: str | None, source: str | None) -> int:
        if allowed(action, first, second):
            return sqlite3.SQLITE_OK
        words = [_NAMES.get(action, f"action {action}"), first or "", second or ""]
        refusals.append(" ".join(word for word in words if word)[:200])
        return sqlite3.SQLITE_DENY

    return authorizer


_NAMES = {
    getattr(sqlite3, f"SQLITE_{name}"): name.replace("_", " ").lower()
    for name in words(
        """
        CREATE_INDEX CREATE_TABLE CREATE_TEMP_INDEX CREATE_TEMP_TABLE CREATE_TEMP_TRIGGER CREATE_TEMP_VIEW
        CREATE_TRIGGER CREATE_VIEW DELETE DROP_INDEX DROP_TABLE DROP_TEMP_INDEX DROP_TEMP_TABLE
        DROP_TEMP_TRIGGER DROP_TEMP_VIEW DROP_TRIGGER DROP_VIEW INSERT PRAGMA TRANSACTION UPDATE ATTACH DETACH
        ALTER_TABLE REINDEX ANALYZE CREATE_VTABLE DROP_VTABLE FUNCTION SAVEPOINT
        """
    )
}
