"""Listings: encoded once per revision and generation, then served as slices of ready bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from msgspec import Raw

from mcp_agent.jsonio import encode
from mcp_agent.model import Backend
from mcp_agent.protocol import pages, wire
from mcp_agent.protocol.revisions import Revision

Listing = Literal["tools", "resources", "resourceTemplates", "prompts"]


class Catalog:
    """The pages of what a backend offers. ``ttl`` in seconds is the hint of how long a client may keep one."""

    def __init__(self, backend: Backend, *, page_size: int, ttl: float) -> None:
        self._backend = backend
        self._page_size = page_size
        self._ttl = ttl
        self._cache: dict[tuple[Listing, str], tuple[int, list[Raw]]] = {}
        self._sources: dict[Listing, tuple[Callable[[], Sequence[Any]], Callable[[Any, Revision], wire.Wire]]] = {
            "tools": (backend.tools, wire.tool_item),
            "resources": (backend.resources, wire.resource_item),
            "resourceTemplates": (backend.templates, wire.resource_item),
            "prompts": (backend.prompts, wire.prompt_item),
        }

    def page(self, listing: Listing, revision: Revision, cursor: str | None) -> wire.Wire:
        """One page as a result. Raises InvalidParams for a bad cursor."""
        items, next_cursor = pages.page(self._items(listing, revision), cursor, self._page_size)
        result: wire.Wire = {listing: items}
        if next_cursor is not None:
            result["nextCursor"] = next_cursor
        return cacheable(result, revision, self._ttl, "public")

    def _items(self, listing: Listing, revision: Revision) -> list[Raw]:
        generation = self._backend.generation
        cached = self._cache.get((listing, revision.name))
        if cached is not None and cached[0] == generation:
            return cached[1]
        source, to_item = self._sources[listing]
        items = [Raw(encode(to_item(item, revision))) for item in source()]
        self._cache[listing, revision.name] = generation, items
        return items


def cacheable(result: wire.Wire, revision: Revision, ttl: float, scope: Literal["public", "private"]) -> wire.Wire:
    """Adds the hints that the modern era wants on what may be kept. ``ttl`` in seconds."""
    if revision.modern:
        result["ttlMs"] = int(ttl * 1000)
        result["cacheScope"] = scope
    return result
