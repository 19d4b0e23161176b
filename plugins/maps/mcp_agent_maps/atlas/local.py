"""An extract as an atlas. What blocks runs in a thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from mcp_agent import Context
from mcp_agent_maps.atlas.protocol import NotHere, Spot, Way
from mcp_agent_maps.extract.reader import Extract
from mcp_agent_maps.geometry import Point
from mcp_agent_maps.places.categories import Tag
from mcp_agent_maps.places.place import Place
from mcp_agent_maps.routing.profiles import Mode

T = TypeVar("T")

_ADDRESS_RADIUS, _STREET_RADIUS, _PLACE_RADIUS = 120.0, 300.0, 150.0


class LocalAtlas:
    """Answers out of one extract."""

    def __init__(self, ctx: Context, extract: Extract) -> None:
        self._ctx, self.extract = ctx, extract

    @property
    def source(self) -> str:
        return self.extract.source

    async def names(self, query: str, near: Point | None, limit: int, loose: bool = False) -> list[Place]:
        from mcp_agent_maps.places.search import search

        places = await self._in_thread(lambda: search(self.extract, query, near, limit, loose))
        if not places:
            raise NotHere(
                f"Nothing in the extract '{self.extract.name}' is called {query!r}.",
                hint="Try fewer words, or the name in the language of the place.",
            )
        return places

    async def spot(self, point: Point) -> Spot:
        return await self._in_thread(lambda: self._spot(point))

    def _spot(self, point: Point) -> Spot:
        from mcp_agent_maps.places import local

        houses = local.addresses(self.extract, point, _ADDRESS_RADIUS)
        street = local.nearest_street(self.extract, point, _STREET_RADIUS)
        around = local.within(self.extract, [point], _PLACE_RADIUS)
        named = [place for place in around if place.name and place.kind != "street"]
        inside = local.areas_at(self.extract, point)
        return Spot(houses[0].address if houses else None, street[0] if street else None, inside, named)

    async def within(self, line: Sequence[Point], radius: float, wanted: Sequence[Tag]) -> list[Place]:
        from mcp_agent_maps.places.local import within

        return await self._in_thread(lambda: within(self.extract, line, radius, wanted))

    async def way(self, stops: Sequence[Point], mode: Mode) -> Way:
        return await self._in_thread(lambda: self._way(stops, mode))

    def _way(self, stops: Sequence[Point], mode: Mode) -> Way:
        from mcp_agent_maps.routing.path import legs
        from mcp_agent_maps.routing.snap import snap
        from mcp_agent_maps.routing.steps import steps_of

        graph = self._ctx.state.graphs.get(self.extract, mode)
        found = legs(graph, [snap(graph, stop) for stop in stops])
        line = [point for leg in found for point in leg.line]
        long = [leg.metres for leg in found]
        return Way(line, sum(long), sum(leg.seconds for leg in found), steps_of(found), long, "mcp_agent_maps")

    async def seconds(self, begins: Sequence[Point], ends: Sequence[Point], mode: Mode) -> list[list[float | None]]:
        return await self._in_thread(lambda: self._seconds(begins, ends, mode))

    def _seconds(self, begins: Sequence[Point], ends: Sequence[Point], mode: Mode) -> list[list[float | None]]:
        from mcp_agent_maps.routing.snap import snap

        graph = self._ctx.state.graphs.get(self.extract, mode)
        stops = [snap(graph, point) for point in (*begins, *ends)]
        with graph.visiting(stops) as vertices:
            arrivals = [arrive for _, arrive in vertices[len(begins) :]]
            rows = []
            for leave, _ in vertices[: len(begins)]:
                seconds = graph.seconds_from(leave)
                rows.append([seconds.get(arrive, None) for arrive in arrivals])
        return rows

    async def _in_thread(self, work: Callable[[], T]) -> T:
        result: T = await self._ctx.in_thread(work)
        return result
