"""Opaque cursors over listings that may change between pages."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import TypeVar

from mcp_agent.errors import InvalidParams

T = TypeVar("T")


def page(items: Sequence[T], cursor: str | None, size: int) -> tuple[Sequence[T], str | None]:
    """One page and the cursor of the next, or None at the end. Raises InvalidParams for a bad cursor."""
    start = 0 if cursor is None else _position(cursor)
    if start > len(items):  # the listing has shrunk since: there is nothing after this point
        start = len(items)
    end = start + size
    return items[start:end], _cursor(end) if end < len(items) else None


def _cursor(position: int) -> str:
    return urlsafe_b64encode(b"at:%d" % position).decode()


def _position(cursor: str) -> int:
    try:
        kind, _, position = urlsafe_b64decode(cursor.encode()).partition(b":")
        if kind == b"at" and position.isdigit():
            return int(position)
    except (binascii.Error, ValueError):
        pass
    raise InvalidParams("Invalid cursor: use nextCursor of the page before, unchanged, or none to start over")
