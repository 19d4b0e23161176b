"""What can be said about one argument beyond its type."""

from __future__ import annotations

from typing import Any

import msgspec


def Field(
    description: str | None = None,
    *,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    multiple_of: float | None = None,
    pattern: str | None = None,
    min_length: int | None = None,
    max_length: int | None = None,
    examples: list[Any] | None = None,
    header: str | None = None,
    private: bool = False,
) -> msgspec.Meta:
    """Use inside ``Annotated``: ``sides: Annotated[int, Field("Faces of the die", ge=2)] = 6``.

    ``header`` mirrors the argument into the HTTP header ``Mcp-Param-<header>``; never use it for a secret.
    ``private``: the audit log notes only how long the value was. For a whole argument, not inside a list or Struct.
    """
    said: dict[str, Any] = {
        "description": description,
        "ge": ge,
        "gt": gt,
        "le": le,
        "lt": lt,
        "multiple_of": multiple_of,
        "pattern": pattern,
        "min_length": min_length,
        "max_length": max_length,
        "examples": examples,
        "extra_json_schema": {HEADER: header} if header else None,
        "extra": {PRIVATE: True} if private else None,
    }
    return msgspec.Meta(**said)


HEADER = "x-mcp-header"
PRIVATE = "private"
"""Stands in the Meta only: no client needs to see it."""
