"""Kinds of columns in Parquet: how each is declared, and how its values are written (encoding PLAIN)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec import Struct

from mcp_agent_database.parquet import thrift
from mcp_agent_database.values import flat

_EPOCH = datetime(1970, 1, 1)
_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_MICROSECOND = timedelta(microseconds=1)


class Kind(Struct, frozen=True):
    """``physical`` is the number of the type in Parquet's own list; ``declared`` what readers are told of it, as fields
    of Thrift; ``encode`` takes values, never None, and raises TypeError, ValueError, OverflowError or struct.error for
    those of another kind."""

    physical: int
    declared: thrift.Fields
    encode: Callable[[Sequence[Any]], bytes]


def _bools(values: Sequence[Any]) -> bytes:
    return bits([_checked(value, bool) for value in values])


def bits(values: Sequence[bool]) -> bytes:
    """Eight a byte, the lowest bit first."""
    number = int("".join("1" if one else "0" for one in reversed(values)) or "0", 2)
    return number.to_bytes((len(values) + 7) // 8, "little")


def _dates(values: Sequence[Any]) -> bytes:
    return struct.pack(f"<{len(values)}i", *(_checked(value, date).toordinal() - _EPOCH_DAY for value in values))


def _times(epoch: datetime) -> Callable[[Sequence[Any]], bytes]:
    def encode(values: Sequence[Any]) -> bytes:
        moments = [(_checked(value, datetime) - epoch) // _MICROSECOND for value in values]
        return struct.pack(f"<{len(values)}q", *moments)

    return encode


def _binaries(values: Sequence[Any]) -> bytes:
    return _with_lengths([bytes(_checked(value, bytes)) for value in values])


def _texts(values: Sequence[Any]) -> bytes:
    return _with_lengths(
        [(value if type(value) is str else str(flat(value))).encode("utf-8", "replace") for value in values]
    )


def _with_lengths(values: Sequence[bytes]) -> bytes:
    written = bytearray()
    for value in values:
        written += len(value).to_bytes(4, "little")
        written += value
    return bytes(written)


def _checked(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{type(value).__name__} among values of {kind.__name__}")
    return value


def _timestamp(*, utc: bool) -> thrift.Fields:
    unit: thrift.Fields = [(2, thrift.STRUCT, [])]  # microseconds
    stamp = [(1, thrift.TRUE if utc else thrift.FALSE, None), (2, thrift.STRUCT, unit)]
    old = [(6, thrift.I32, 10)] if utc else []  # readers that know no logical types take all times for UTC
    return [*old, (10, thrift.STRUCT, [(8, thrift.STRUCT, stamp)])]


_STRING: thrift.Fields = [(6, thrift.I32, 0), (10, thrift.STRUCT, [(1, thrift.STRUCT, [])])]
_DATE: thrift.Fields = [(6, thrift.I32, 6), (10, thrift.STRUCT, [(6, thrift.STRUCT, [])])]

BOOL = Kind(0, [], _bools)
INT = Kind(2, [], lambda values: struct.pack(f"<{len(values)}q", *values))
FLOAT = Kind(5, [], lambda values: struct.pack(f"<{len(values)}d", *values))
DATE = Kind(1, _DATE, _dates)
TIME = Kind(2, _timestamp(utc=False), _times(_EPOCH))
TIME_UTC = Kind(2, _timestamp(utc=True), _times(_EPOCH_UTC))
BINARY = Kind(6, [], _binaries)
TEXT = Kind(6, _STRING, _texts)

_NAMED: Mapping[str, Kind] = {
    "int2": INT, "int4": INT, "int8": INT, "float4": FLOAT, "float8": FLOAT, "bool": BOOL, "date": DATE,
    "timestamp": TIME, "timestamptz": TIME_UTC, "bytea": BINARY,
}  # fmt: skip
"""Types of PostgreSQL. All others are text: exact numbers stay exact."""
_SEEN: Sequence[tuple[Collection[type], Kind]] = (({int}, INT), ({int, float}, FLOAT), ({bytes}, BINARY))


def kind_of(named: str, values: Sequence[Any]) -> Kind:
    """As the database says; where it says nothing (SQLite: any value in any column), as the first values are."""
    if named:
        return _NAMED.get(named, TEXT)
    seen = {type(value) for value in values if value is not None}
    return next((kind for types, kind in _SEEN if seen and seen <= set(types)), TEXT)
