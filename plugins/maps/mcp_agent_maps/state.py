"""What the plugin holds while it runs."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from mcp_agent_maps.results import Results

if TYPE_CHECKING:
    from mcp_agent import Context
    from mcp_agent_maps.extract.reader import Extract
    from mcp_agent_maps.extract.shelf import Shelf
    from mcp_agent_maps.routing.graph import Graph
    from mcp_agent_maps.routing.profiles import Mode
    from mcp_agent_maps.valhalla.engine import Engine

_MOST_GRAPHS = 3


class Graphs:
    """Street graphs, made when they are first needed; the one unused for longest makes room."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[str, str, Mode], Graph] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, extract: Extract, mode: Mode) -> Graph:
        from mcp_agent_maps.routing.graph import Graph

        key = (extract.name, extract.mark, mode)
        with self._lock:
            graph = self._made.pop(key, None)
            # An extract that was opened anew has the same streets, but the old one cannot be read any more.
            if graph is None or graph.extract is not extract:
                graph = Graph(extract, mode)
            self._made[key] = graph
            if len(self._made) > _MOST_GRAPHS:
                self._made.popitem(last=False)
            return graph


class Maps:
    """``alone`` is held while a service is asked that takes one question at a time; ``loading`` while indexing."""

    def __init__(self, shelf: Shelf, valhalla: Engine) -> None:
        self.shelf = shelf
        self.valhalla = valhalla
        self.graphs = Graphs()
        self.results = Results()
        self.alone = asyncio.Lock()
        self.loading = asyncio.Lock()


def open_maps(ctx: Context) -> Maps:
    from mcp_agent_maps.extract.shelf import open_shelf
    from mcp_agent_maps.valhalla.engine import Engine

    return Maps(open_shelf(ctx), Engine())
