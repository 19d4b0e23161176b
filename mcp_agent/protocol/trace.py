"""Trace ids as W3C Trace Context has them: 32 hexadecimal digits, not all zero."""

from __future__ import annotations

import random
import re

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")


def fresh() -> str:
    """A new trace id. Unique, not secret."""
    return f"{random.getrandbits(128) or 1:032x}"


def trace_id(traceparent: str | None) -> str:
    """The id of the trace that a client says its request belongs to, or a new one where it says nothing valid."""
    found = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
    if found is None or (traceparent and traceparent[:2] == "00" and len(traceparent) != 55):
        return fresh()
    return found[1]
