"""An extract as an atlas. What blocks runs in a thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mcp_agent import Context
from mcp_agent_maps.atlas.protocol import NotHere, Spot, Times, Way
from mcp_agent_maps.extract.reader import Extract
from mcp_agent_maps.geometry import Point
from mcp_agent_maps.places.categories import Tag
from mcp_agent_maps.places.place import Place
from mcp_agent_maps.routing.profiles import Mode

if TYPE_CHECKING:
    from mcp_agent_maps.routing.graph import Graph
    from mcp_agent_maps.routing.reach import Reach
    from mcp_agent_maps.valhalla.dialect import Question

T = TypeVar("T")

_ADDRESS_RADIUS, _STREET_RADIUS, _PLACE_RADIUS = 120.0, 300.0, 150.0
_SMALL = 80_000
"""Pieces of street up to which the built-in graph takes little memory: a large city."""
_INSTEAD = "So the built-in graph was asked."


class LocalAtlas:
    """Answers out of one extract."""

    def __init__(self, ctx: Context, extract: Extract) -> None:
        self._ctx, self.extract = ctx, extract
        self.note: str | None = None

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
        from mcp_agent_maps.routing import answers
        from mcp_agent_maps.valhalla import dialect

        def built_in() -> Way:
            return answers.way(self._graph(mode), stops)

        return await self._routed("route", dialect.route(stops, mode), dialect.read_route, built_in)

    async def seconds(self, begins: Sequence[Point], ends: Sequence[Point], mode: Mode) -> Times:
        from mcp_agent_maps.routing import answers
        from mcp_agent_maps.valhalla import dialect

        def built_in() -> Times:
            return answers.seconds(self._graph(mode), begins, ends)

        times = await self._routed("matrix", dialect.matrix(begins, ends, mode), dialect.read_matrix, built_in)
        lacking = times.engine == dialect.NAME and any(cell is None for row in times.seconds for cell in row)
        if not lacking or not self._is_small:
            return times
        self.note = f"Valhalla finds no way between some of them. {_INSTEAD}"
        return await self._in_thread(built_in)

    async def reach(self, start: Point, mode: Mode, seconds: float) -> Reach:
        """The area in reach. Valhalla's outline is coarse: it is asked only where the built-in graph is too large."""
        from mcp_agent_maps.routing.reach import reach
        from mcp_agent_maps.routing.snap import snap
        from mcp_agent_maps.valhalla import dialect

        def built_in() -> Reach:
            graph = self._graph(mode)
            return reach(graph, snap(graph, start), seconds)

        if self._is_small:
            return await self._in_thread(built_in)
        read = partial(dialect.read_reach, start=start)
        return await self._routed("isochrone", dialect.isochrone(start, mode, seconds), read, built_in)

    async def _routed(self, action: str, question: Question, read: Callable[[Any], T], built_in: Callable[[], T]) -> T:
        """Valhalla's answer where it can be had, else that of the built-in graph and a word about it."""
        from mcp_agent_maps.valhalla.engine import Broken, Refused

        tiles = self._tiles()
        if tiles is None:
            return await self._in_thread(built_in)
        try:
            return read(await self._ctx.state.valhalla.ask(tiles, action, question))
        except Refused as error:
            if not self._is_small:
                raise NotHere(str(error), hint="Try another profile, or a point nearer to a street.") from None
            self.note = f"{error} {_INSTEAD}"
        except Broken as error:
            self.note = f"{error} {_INSTEAD}"
        except (KeyError, TypeError, IndexError, ValueError):
            self.note = f"Valhalla answered in a form that it does not document. {_INSTEAD}"
        return await self._in_thread(built_in)

    def _tiles(self) -> Path | None:
        """Those of Valhalla; None where it is not wanted, not installed, or has none of this extract."""
        from mcp_agent_maps.valhalla import tiles

        if self._ctx.config.engine != "auto" or tiles.builder() is None:
            return None
        found = tiles.tiles_of(self._ctx.state.shelf.folder, self.extract.mark)
        if not found.is_dir():
            self.note = f"Valhalla has no tiles of '{self.extract.name}': load its .osm.pbf again to use it."
            return None
        return found

    def _graph(self, mode: Mode) -> Graph:
        graph: Graph = self._ctx.state.graphs.get(self.extract, mode)
        return graph

    @property
    def _is_small(self) -> bool:
        return self.extract.segments <= _SMALL

    async def _in_thread(self, work: Callable[[], T]) -> T:
        result: T = await self._ctx.in_thread(work)
        return result
