"""A place, wherever it was found: in an extract, or by a service."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from mcp_agent_maps.geometry import Point
from mcp_agent_maps.places.kinds import kinds_of, word_for


class Place(Struct, frozen=True):
    """``osm`` is ``n``, ``w`` or ``r`` and a number; ``away`` is in metres from where was asked."""

    osm: str
    name: str | None
    point: Point
    tags: Mapping[str, str]
    address: str | None = None
    away: float = 0.0
    said_kind: str | None = None
    """What a service calls it that does not give tags."""

    @property
    def kind(self) -> str:
        kinds = kinds_of(self.tags)
        return self.said_kind or (word_for(kinds) if kinds else "place")

    @property
    def label(self) -> str:
        """What to call it: its name, else its address, else what it is."""
        return self.name or self.address or self.kind
