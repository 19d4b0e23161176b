"""The services on the web as an atlas."""

from __future__ import annotations

from collections.abc import Sequence

from mcp_agent import Context
from mcp_agent_maps.atlas.protocol import Spot, Times, Way
from mcp_agent_maps.geometry import Point
from mcp_agent_maps.online import nominatim, overpass, router
from mcp_agent_maps.places.categories import Tag
from mcp_agent_maps.places.place import Place
from mcp_agent_maps.routing.profiles import Mode


class OnlineAtlas:
    """Nominatim for names, Overpass for what is around, the person's own server for routes."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._asked: set[str] = set()

    @property
    def source(self) -> str:
        """The services that were asked."""
        return f"{' and '.join(sorted(self._asked))} (© OpenStreetMap contributors)"

    @property
    def note(self) -> str | None:
        return None

    async def names(self, query: str, near: Point | None, limit: int, loose: bool = False) -> list[Place]:
        self._asked.add(nominatim.service(self._ctx).source)
        return await nominatim.names(self._ctx, query, near, limit)

    async def spot(self, point: Point) -> Spot:
        self._asked.add(nominatim.service(self._ctx).source)
        return await nominatim.spot(self._ctx, point)

    async def within(self, line: Sequence[Point], radius: float, wanted: Sequence[Tag]) -> list[Place]:
        self._asked.add(overpass.service(self._ctx).source)
        return await overpass.within(self._ctx, line, radius, wanted)

    async def way(self, stops: Sequence[Point], mode: Mode) -> Way:
        self._asked.add(router.service(self._ctx).source)
        return await router.way(self._ctx, stops, mode)

    async def seconds(self, begins: Sequence[Point], ends: Sequence[Point], mode: Mode) -> Times:
        self._asked.add(router.service(self._ctx).source)
        return await router.seconds(self._ctx, begins, ends, mode)
