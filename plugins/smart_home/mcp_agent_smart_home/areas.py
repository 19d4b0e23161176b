"""Areas as resources: what is in each, and word to whoever watches one when something in it changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from msgspec import Struct

from mcp_agent import Context, resource
from mcp_agent_smart_home.home import Entity, Home, home_of
from mcp_agent_smart_home.things import Thing, short

_GATHER = 0.1
"""Seconds in which changes of one area become one notice."""


class AreaShort(Struct, frozen=True, omit_defaults=True):
    uri: str
    name: str
    floor: str | None = None
    things: int = 0


def uri_of(area_id: str) -> str:
    return f"home://areas/{area_id}"


@resource("home://areas", title="Areas", mime_type="application/json")
async def home_areas(ctx: Context) -> list[AreaShort]:
    """All areas, with the resource of each."""
    home = home_of(ctx)
    entities = (await home.entities()).values()
    return [
        AreaShort(uri_of(key), area.name, area.floor, sum(one.area_id == key for one in entities))
        for key, area in (await home.areas()).items()
    ]


async def _ids(ctx: Context, value: str, others: Mapping[str, str]) -> list[str]:
    return [key for key in await home_of(ctx).areas() if key.startswith(value)]


@resource("home://areas/{area_id}", title="An area", mime_type="application/json", complete={"area_id": _ids})
async def home_area(ctx: Context, area_id: str) -> list[Thing] | None:
    """Everything in an area and how it is. Subscribe to be told of changes."""
    home = home_of(ctx)
    areas = await home.areas()
    if area_id not in areas:
        return None
    return [short(one, areas) for one in (await home.entities()).values() if one.area_id == area_id]


class Notices:
    """Tells of areas in which something changed, each once in a while."""

    def __init__(self, home: Home, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._changed: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        home.watch(self._note)

    def _note(self, before: Entity | None, now: Entity | None) -> None:
        self._changed |= {one.area_id for one in (before, now) if one is not None and one.area_id is not None}
        if self._changed and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_GATHER, self._flush)

    def _flush(self) -> None:
        self._timer = None
        changed, self._changed = self._changed, set()
        for area_id in sorted(changed):
            self._tell(uri_of(area_id))
