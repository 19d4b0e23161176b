"""Reading the audit log: the latest rows, and those that fit a question, over all its files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import msgspec
from msgspec import Struct

from mcp_agent.store.archive import Files, open_readonly, snapshot
from mcp_agent.store.chain import Row

_decode = msgspec.json.Decoder(Row).decode


class Query(Struct, frozen=True, kw_only=True):
    """What a row must fit. ``tool`` and ``principal`` take ``*`` and ``?``; times are seconds since the epoch, UTC."""

    tool: str | None = None
    principal: str | None = None
    since: float | None = None
    until: float | None = None
    outcome: str | None = None
    text: str | None = None

    def sql(self) -> tuple[str, list[str | float]]:
        """A condition, and the values of its marks."""
        tests = {
            "json_extract(row, '$.tool') glob ?": self.tool,
            "json_extract(row, '$.principal') glob ?": self.principal,
            "json_extract(row, '$.at') >= ?": self.since,
            "json_extract(row, '$.at') < ?": self.until,
            "json_extract(row, '$.outcome') = ?": self.outcome,
            "instr(lower(row), lower(?))": self.text,
        }
        used = {test: value for test, value in tests.items() if value is not None}
        return " and ".join(used) or "true", list(used.values())


class Record(Struct, frozen=True):
    """A row, the text it was written as, and its hash."""

    row: Row
    text: str
    hash: bytes


def search(files: Files, query: Query) -> Iterator[Record]:
    """What fits, oldest first. Blocks. Raises sqlite3.Error for a file that cannot be read."""
    condition, values = query.sql()
    clause = f"where {condition} order by seq"
    with snapshot(files) as (live, archives):
        for path in archives:
            with closing(open_readonly(path)) as archive:
                yield from _read(archive, clause, values)
        if live is not None:
            yield from _read(live, clause, values)


def latest(files: Files, count: int) -> list[Record]:
    """The last rows, oldest first."""
    found: list[Record] = []
    clause = "order by seq desc limit ?"
    with snapshot(files) as (live, archives):
        if live is not None:
            found += _read(live, clause, [count])
        for path in reversed(archives):
            if len(found) < count:
                with closing(open_readonly(path)) as archive:
                    found += _read(archive, clause, [count - len(found)])
    return found[::-1]


def since(files: Files, seq: int) -> list[Record]:
    """What was written after a row, oldest first: for following the log."""
    with snapshot(files) as (live, _):
        return list(_read(live, "where seq > ? order by seq", [seq])) if live is not None else []


def _read(connection: sqlite3.Connection, clause: str, values: list[str | float]) -> Iterator[Record]:
    for text, digest in connection.execute(f"select row, hash from log {clause}", values):
        yield Record(_decode(text), text, digest)
