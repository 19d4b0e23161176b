"""Thrift's compact protocol, as far as Parquet's metadata needs it. Structs are sequences of (number, type, value)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

TRUE, FALSE, I32, I64, BINARY, LIST, STRUCT = 1, 2, 5, 6, 8, 9, 12
Fields: TypeAlias = Sequence[tuple[int, int, Any]]


def struct(fields: Fields) -> bytes:
    """Numbers must rise. A value for LIST is (type of items, items)."""
    written = bytearray()
    last = 0
    for number, kind, value in fields:
        written.append((number - last) << 4 | kind)
        last = number
        written += _value(kind, value)
    return bytes(written) + b"\0"


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


def _value(kind: int, value: Any) -> bytes:
    if kind in (TRUE, FALSE):  # the type says it all
        return b""
    if kind in (I32, I64):
        return varint((value << 1) ^ (value >> 63))
    if kind == BINARY:
        return varint(len(value)) + bytes(value)
    if kind == STRUCT:
        return struct(value)
    items, values = value
    header = bytes([len(values) << 4 | items]) if len(values) < 15 else bytes([0xF0 | items]) + varint(len(values))
    return header + b"".join(_value(items, one) for one in values)
