"""Values of databases as JSON, each as long as is of use."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from mcp_agent_database.engine import Column

_AS_THEY_ARE = (str, bool, int, type(None))


def plain(value: Any) -> Any:
    """A value as JSON holds it. Exact numbers stay text, bytes are hexadecimal, what is strange is its text."""
    if isinstance(value, _AS_THEY_ARE):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    return str(value)


def flat(cell: Any) -> Any:
    """A value for one field of text; JSON for what is nested."""
    value = plain(cell)
    return msgspec.json.encode(value).decode() if isinstance(value, dict | list) else value


def named(columns: Sequence[Column]) -> list[str]:
    """Names for the columns of a result, each once: ``id``, ``id_2``."""
    names: dict[str, None] = {}
    for column in columns:
        base = name = column.name or "column"
        number = 1
        while name in names:
            number += 1
            name = f"{base}_{number}"
        names[name] = None
    return list(names)


def short(value: Any, longest: int) -> tuple[Any, bool]:
    """A value as JSON, and whether it had to be cut to ``longest`` characters."""
    if isinstance(value, str) and len(value) > longest:
        return value[:longest] + "...", True
    if isinstance(value, bytes) and len(value) > longest // 2:
        return value[: longest // 2].hex() + "...", True
    return plain(value), False


def rough_size(values: Iterable[Any]) -> int:
    """About how many bytes a row takes as JSON."""
    return sum(len(value) if isinstance(value, str) else len(str(value)) for value in values)


def trimmed(value: Any, longest: int) -> Any:
    """A value of JSON with every text in it cut to ``longest`` characters."""
    if isinstance(value, str):
        return short(value, longest)[0]
    if isinstance(value, dict):
        return {key: trimmed(one, longest) for key, one in value.items()}
    if isinstance(value, list):
        return [trimmed(one, longest) for one in value]
    return value
