"""Rows out of files of data: CSV in any usual shape, JSON, JSON lines, Parquet. Text in them is never a formula."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mcp_agent import ToolError
from mcp_agent_office.files import suffix
from mcp_agent_office.guard.formulas import Plain
from mcp_agent_office.needs import need

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?([eE][+-]?\d{1,2})?")
_MEMORY, _SAMPLE = "256MB", 64 * 1024


def rows_of(data: bytes, path: str) -> list[list[Any]]:
    """Rows with the names of the columns first. Raises ToolError."""
    ending = suffix(path)
    if ending == ".parquet":
        return _parquet(data)
    text = _decoded(data)
    if ending == ".json":
        return _objects(_parsed(text, path))
    if ending in (".jsonl", ".ndjson"):
        return _objects([_parsed(line, path) for line in text.split("\n") if line.strip()])
    return _csv(text, "\t" if ending == ".tsv" else None)


def _decoded(data: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _csv(text: str, delimiter: str | None) -> list[list[Any]]:
    if delimiter is None:
        try:
            delimiter = csv.Sniffer().sniff(text[:_SAMPLE], ",;\t|").delimiter
        except csv.Error:
            delimiter = ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise ToolError(f"The CSV cannot be read: {error}.") from None
    return [[_value(text) for text in row] if number else list(map(Plain, row)) for number, row in enumerate(rows)]


def _value(text: str) -> Any:
    """A number where it is written as one; 007 and very long numbers stay text, for they are names of something."""
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text or "e" in text.lower() else int(text)
    return Plain(text) if text else None


def _parsed(text: str, path: str) -> Any:
    try:
        return json.loads(text, parse_constant=lambda _: None)  # NaN and infinity, which pandas writes
    except (json.JSONDecodeError, RecursionError) as error:
        raise ToolError(f"{path} is no JSON: {error}.") from None


def _objects(found: Any) -> list[list[Any]]:
    """The list of rows in JSON, or in its first field that holds one."""
    if isinstance(found, dict):
        found = next((value for value in found.values() if isinstance(value, list) and value), [found])
    if not isinstance(found, list):
        raise ToolError("There are no rows in this JSON.", hint="It has to be a list of objects or of lists.")
    if all(isinstance(row, list) for row in found):
        return [[_plain(value) for value in row] for row in found]
    rows = [row if isinstance(row, dict) else {"value": row} for row in found]
    keys = list(dict.fromkeys(key for row in rows for key in row))
    return [[Plain(key) for key in keys], *([_plain(row.get(key)) for key in keys] for row in rows)]


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return Plain(value)
    if isinstance(value, datetime | date):
        return value.isoformat()[:19]
    return value if value is None or isinstance(value, int | float) else Plain(json.dumps(value, default=str))


def _parquet(data: bytes) -> list[list[Any]]:
    """By DuckDB, which gets one file of its own and nothing else: no network, no extensions, no other file."""
    duckdb = need("duckdb")
    with tempfile.TemporaryDirectory(prefix="mcp-agent-office-") as folder:
        file = Path(folder) / "data.parquet"
        file.write_bytes(data)
        limits = {
            "allowed_paths": [str(file)], "enable_external_access": False, "autoload_known_extensions": False,
            "autoinstall_known_extensions": False, "memory_limit": _MEMORY, "threads": 1
        }  # fmt: skip
        with duckdb.connect(":memory:") as connection:
            try:
                for name, value in limits.items():
                    connection.execute(f"set {name} = {_literal(value)}")
                connection.execute("set lock_configuration = true")
                cursor = connection.execute("select * from read_parquet(?)", [str(file)])
                names = [Plain(column[0]) for column in cursor.description]
                return [names, *([_plain(value) for value in row] for row in cursor.fetchall())]
            except duckdb.Error as error:
                raise ToolError(f"The Parquet file cannot be read: {str(error).splitlines()[0]}") from None


def _literal(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return "'" + str(value).replace("'", "''") + "'"
