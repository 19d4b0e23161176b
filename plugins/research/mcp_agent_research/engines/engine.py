"""What every engine gives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec import Struct

from mcp_agent import Context


class Hit(Struct, frozen=True, omit_defaults=True):
    """One result. ``source`` is its number where it is in the local library already."""

    title: str
    address: str
    snippet: str = ""
    source: int | None = None


class Engine(Struct, frozen=True):
    """``search(ctx, query, limit)`` gives hits, best first, and raises ToolError. ``price`` is of one question."""

    name: str
    search: Callable[[Context, str, int], Awaitable[list[Hit]]]
    price: float = 0.0


SNIPPET = 300
"""Characters of a snippet at most."""
