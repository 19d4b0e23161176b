"""Finding things, and looking at them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, tool
from mcp_agent_smart_home.examples import EXAMPLES
from mcp_agent_smart_home.guard import why_guarded
from mcp_agent_smart_home.home import Json, home_of
from mcp_agent_smart_home.matching import Indexes
from mcp_agent_smart_home.things import EntityId, Thing, area_called, area_name, attributes, iso, named, short

_indexes = Indexes()


class Found(Struct, frozen=True):
    """Best first. ``total`` counts those not shown too."""

    things: list[Thing]
    total: int


class Detail(Struct, frozen=True, omit_defaults=True):
    """A thing in full. ``changed`` is when its state changed last. ``guarded`` says why home_call_service does not
    take it."""

    entity_id: str
    name: str
    state: str
    changed: str
    area: str | None = None
    device_class: str | None = None
    labels: tuple[str, ...] = ()
    guarded: str | None = None
    attributes: dict[str, Json] = {}


@tool(effect="read", examples=EXAMPLES["home_search_entities"])
async def home_search_entities(
    ctx: Context,
    query: Annotated[str, Field("What people call it, in any language; empty for all.", max_length=200)] = "",
    domain: Annotated[str | None, Field("Only of this kind: light, sensor, ...", max_length=64)] = None,
    area: Annotated[str | None, Field("Only in this area: name, alias or id.", max_length=200)] = None,
    limit: Annotated[int, Field("How many at most.", ge=1, le=100)] = 10,
) -> Found:
    """Find things by name, area, alias, kind or label, with typing mistakes; gives ids and present states."""
    home = home_of(ctx)
    entities, areas = await home.entities(), await home.areas()
    place = None if area is None else area_called(areas, area).area_id
    among = [
        entity_id
        for entity_id, entity in entities.items()
        if domain in (None, entity.domain) and place in (None, entity.area_id)
    ]
    if query.strip():
        every = domain is None and place is None
        found = [one for one, _ in _indexes.of(entities, areas).search(query, None if every else among)]
    else:
        found = sorted(among)
    return Found([short(entities[one], areas) for one in found[:limit]], len(found))


@tool(effect="read", examples=EXAMPLES["home_get_state"])
async def home_get_state(
    ctx: Context, entity_ids: Annotated[list[EntityId], Field("Which things.", min_length=1, max_length=30)]
) -> list[Detail]:
    """State of things at home now, with their attributes."""
    home = home_of(ctx)
    entities, areas = await home.entities(), await home.areas()
    return [
        Detail(
            entity.entity_id, entity.name, entity.shown, iso(entity.changed), area_name(entity, areas),
            entity.device_class, entity.labels, why_guarded(entity, entities, ctx.config.guarded), attributes(entity),
        )
        for entity in named(entities, entity_ids)
    ]  # fmt: skip
