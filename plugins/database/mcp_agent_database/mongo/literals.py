"""Values that JSON has no word for, written as MongoDB writes them: ``{"$oid": "..."}``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from mcp_agent import ToolError


def typed(value: Any) -> Any:
    """The same with those values as the driver wants them. Raises ToolError for one that makes no sense."""
    if isinstance(value, list | tuple):
        return [typed(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    if len(value) == 1:
        [(key, inner)] = value.items()
        read = READ.get(key)
        if read is not None and isinstance(inner, str):
            try:
                return read(inner)
            except (ValueError, ArithmeticError, _invalid_id()):
                raise ToolError(f"{inner[:100]!r} is no {key}.", hint=_HINT) from None
    return {key: typed(inner) for key, inner in value.items()}


def _object_id(text: str) -> Any:
    from bson import ObjectId

    return ObjectId(text)


def _date(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _decimal(text: str) -> Any:
    from bson import Decimal128

    return Decimal128(text)


def _long(text: str) -> Any:
    from bson import Int64

    return Int64(int(text))


def _uuid(text: str) -> Any:
    from bson import Binary

    return Binary.from_uuid(UUID(text))


def _invalid_id() -> type[Exception]:
    from bson.errors import InvalidId

    found: type[Exception] = InvalidId
    return found


READ: Mapping[str, Callable[[str], Any]] = {
    "$oid": _object_id, "$date": _date, "$numberDecimal": _decimal, "$numberLong": _long, "$uuid": _uuid,
}  # fmt: skip
"""Never ``$code``: code is not a value here."""
_HINT = "{'$oid': '65f...'}, {'$date': '2026-11-21T14:00:00Z'}, {'$numberDecimal': '1.50'}, {'$uuid': '...'}."
