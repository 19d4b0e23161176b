"""A writer of Parquet files: one page of each column for every lot of rows, compressed at once, in groups of some
megabytes. It needs a few megabytes of memory, where pyarrow needs sixty before its first row."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import IO, Any

from msgspec import Struct

from mcp_agent import ToolError
from mcp_agent_database.parquet import thrift
from mcp_agent_database.parquet.kinds import Kind, bits, kind_of

_MAGIC = b"PAR1"
_OPTIONAL = 1
_PLAIN, _RLE = 0, 3
_GZIP = 2
_LEVEL = 1
_GROUP_BYTES = 8_000_000
_GROUP_ROWS = 200_000


class _Column(Struct):
    """A column, and its pages that wait for the group to be full."""

    name: str
    kind: Kind
    pages: list[bytes] = []
    plain_bytes: int = 0


class Parquet:
    """Columns typed as the database says; where it says nothing, as the first rows are."""

    def __init__(self, file: IO[bytes], names: Sequence[str], types: Sequence[str]) -> None:
        self._file, self._names, self._types = file, names, types
        self._columns: list[_Column] = []
        self._groups: list[thrift.Fields] = []
        self._group_rows = self._rows = 0
        self._position = file.write(_MAGIC)

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        cells: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(self._names)
        if not self._columns:
            declared = zip(self._names, self._types, cells, strict=True)
            self._columns = [_Column(name, kind_of(named, first)) for name, named, first in declared]
        for column, values in zip(self._columns, cells, strict=True):
            _add_page(column, values)
        self._group_rows += len(rows)
        waiting = sum(len(page) for column in self._columns for page in column.pages)
        if waiting >= _GROUP_BYTES or self._group_rows >= _GROUP_ROWS:
            self._end_group()

    def close(self) -> None:
        if not self._columns:
            self.write([])
        if self._group_rows:
            self._end_group()
        root = [(4, thrift.BINARY, b"schema"), (5, thrift.I32, len(self._columns))]
        schema = [root, *(_declared(column) for column in self._columns)]
        footer = thrift.struct([
            (1, thrift.I32, 2),
            (2, thrift.LIST, (thrift.STRUCT, schema)),
            (3, thrift.I64, self._rows),
            (4, thrift.LIST, (thrift.STRUCT, self._groups)),
            (6, thrift.BINARY, b"mcp_agent"),
        ])  # fmt: skip
        self._file.write(footer + struct.pack("<I", len(footer)) + _MAGIC)

    def _end_group(self) -> None:
        chunks = [self._end_chunk(column) for column in self._columns]
        size = sum(column.plain_bytes for column in self._columns)
        self._groups.append([
            (1, thrift.LIST, (thrift.STRUCT, chunks)), (2, thrift.I64, size), (3, thrift.I64, self._group_rows),
        ])  # fmt: skip
        self._rows += self._group_rows
        self._group_rows = 0
        for column in self._columns:
            column.pages, column.plain_bytes = [], 0

    def _end_chunk(self, column: _Column) -> thrift.Fields:
        start = self._position
        for page in column.pages:
            self._position += self._file.write(page)
        meta = [
            (1, thrift.I32, column.kind.physical),
            (2, thrift.LIST, (thrift.I32, [_PLAIN, _RLE])),
            (3, thrift.LIST, (thrift.BINARY, [column.name.encode()])),
            (4, thrift.I32, _GZIP),
            (5, thrift.I64, self._group_rows),
            (6, thrift.I64, column.plain_bytes),
            (7, thrift.I64, self._position - start),
            (9, thrift.I64, start),
        ]
        return [(2, thrift.I64, start), (3, thrift.STRUCT, meta)]


def _add_page(column: _Column, values: Sequence[Any]) -> None:
    if not values:
        return
    present = [value for value in values if value is not None]
    try:
        encoded = column.kind.encode(present)
    except (TypeError, ValueError, OverflowError, struct.error) as error:
        raise ToolError(
            f"Column {column.name} holds values of several kinds: {error}.", hint="csv takes them."
        ) from None
    plain = _levels(values, len(present)) + encoded
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, 31)  # 31: as gzip
    packed = packer.compress(plain) + packer.flush()
    header = thrift.struct([
        (1, thrift.I32, 0),
        (2, thrift.I32, len(plain)),
        (3, thrift.I32, len(packed)),
        (5, thrift.STRUCT, [
            (1, thrift.I32, len(values)), (2, thrift.I32, _PLAIN), (3, thrift.I32, _RLE), (4, thrift.I32, _RLE),
        ]),
    ])  # fmt: skip
    column.pages.append(header + packed)
    column.plain_bytes += len(header) + len(plain)


def _levels(values: Sequence[Any], present: int) -> bytes:
    """Which values are there: one run where all are, or none; else a bit for each."""
    if present in (0, len(values)):
        runs = thrift.varint(len(values) << 1) + bytes([present > 0])
    else:
        runs = thrift.varint((len(values) + 7) // 8 << 1 | 1) + bits([value is not None for value in values])
    return struct.pack("<I", len(runs)) + runs


def _declared(column: _Column) -> thrift.Fields:
    return [
        (1, thrift.I32, column.kind.physical),
        (3, thrift.I32, _OPTIONAL),
        (4, thrift.BINARY, column.name.encode()),
        *column.kind.declared,
    ]
