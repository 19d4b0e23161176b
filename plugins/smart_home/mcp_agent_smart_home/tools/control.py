"""Calling services: what can be put back with one tool, everything else with another that always asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, Undo, tool
from mcp_agent_smart_home.acting import Change, act, restore, snapshot, watched
from mcp_agent_smart_home.examples import EXAMPLES
from mcp_agent_smart_home.guard import targets_in, why_guarded, why_not
from mcp_agent_smart_home.home import Entity, Json, home_of
from mcp_agent_smart_home.things import EntityId, named

_LONGEST_WAIT = 300

Service = Annotated[
    str, Field("The service, such as light.turn_on.", pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$", max_length=130)
]
Data = Annotated[dict[str, Json], Field("What the service takes, such as {'brightness_pct': 40}.", max_length=50)]
EntityIds = Annotated[list[EntityId], Field("On which things.", min_length=1, max_length=50)]
Wait = Annotated[float, Field("How many seconds to wait for the change at most.", ge=0, le=_LONGEST_WAIT)]


class Called(Struct, frozen=True):
    """What a service call did to each thing."""

    changes: list[Change]


class Answered(Struct, frozen=True, omit_defaults=True):
    """What a service did; ``response`` is what it said, for services that say something."""

    changes: list[Change]
    response: Json = None


def check_data(data: dict[str, Json]) -> None:
    """A target that is hidden in the data would be reached without anybody having looked at it."""
    targets = targets_in(data)
    if targets:
        raise ToolError(f"data must not hold {', '.join(targets)}.", hint="Name things in entity_ids.")


async def _states(ctx: Context, arguments: Any, result: Any) -> Any:
    return await snapshot(ctx, arguments.entity_ids)


async def _put_back(ctx: Context, arguments: Any, result: Any, states: Any) -> None:
    await restore(ctx, states)


@tool(
    effect="write",
    undo=Undo(_states, _put_back),
    timeout=_LONGEST_WAIT + 60,
    examples=EXAMPLES["home_call_service"],
)
async def home_call_service(
    ctx: Context,
    service: Service,
    entity_ids: EntityIds,
    data: Data = {},  # noqa: B006
    wait_seconds: Wait = 30,
) -> Called:
    """Change lights, switches, blinds, heating, media players and other things that can be put back; waits for the
    change and tells how each thing was before and is after.

    Not for locks, alarms, garage doors, gates, valves, scripts, buttons and scenes: use home_call_guarded_service. For
    many things at once use home_bulk_control. home_list_services tells what data a service takes.
    """
    home = home_of(ctx)
    check_data(data)
    entities = await home.entities()
    things = named(entities, entity_ids)
    domain, _, name = service.partition(".")
    reason = why_not(domain, name, things)
    if reason is None:
        for thing in things:
            why = why_guarded(thing, entities, ctx.config.guarded)
            if why:
                reason = f"{thing.entity_id} is guarded: {why}"
                break
    if reason is not None:
        raise ToolError(
            f"{service} is not for this tool: {reason}.",
            hint="Nothing was done. home_call_guarded_service can, and asks the person each time.",
        )
    return Called(await act(home, domain, name, things, data, wait_seconds))


async def _in_words(
    ctx: Context,
    service: Service,
    entity_ids: list[EntityId],
    data: Data = {},  # noqa: B006
    wait_seconds: Wait = 30,
) -> str:
    """What the person is asked to allow: with names, since an id says little."""
    entities = await home_of(ctx).entities()
    named_things = [_called(entities.get(entity_id), entity_id) for entity_id in entity_ids]
    more = f" with {', '.join(f'{key}={value}' for key, value in data.items() if key != 'code')}" if data else ""
    return f"Run {service} on {', '.join(named_things) or 'the home as a whole'}{more}."


def _called(entity: Entity | None, entity_id: str) -> str:
    return entity_id if entity is None else f"{entity.name} ({entity_id}, now {entity.shown})"


@tool(
    effect="destructive",
    preview=_in_words,
    timeout=_LONGEST_WAIT + 60,
    examples=EXAMPLES["home_call_guarded_service"],
)
async def home_call_guarded_service(
    ctx: Context,
    service: Service,
    entity_ids: Annotated[list[EntityId], Field("On which things; empty for a service that takes none.", max_length=5)],
    data: Data = {},  # noqa: B006
    wait_seconds: Wait = 30,
) -> Answered:
    """Act on locks, alarms, garage doors, gates, valves, scripts, buttons, notifications, and all else that cannot
    be taken back: the person is asked each time, and undo does not cover it.

    Only for what home_call_service refuses. Waits for the change and tells how each thing was before and is after.
    """
    home = home_of(ctx)
    check_data(data)
    entities = await home.entities()
    things = named(entities, entity_ids)
    domain, _, name = service.partition(".")
    if name not in (await home.services()).get(domain, {}):
        raise ToolError(f"There is no service {service}.", hint="home_list_services lists them.")
    ids = [thing.entity_id for thing in things]
    changing = _set_by_scenes(things, entities) or things
    return Answered(await watched(home, changing, wait_seconds, lambda: home.call(domain, name, ids, data)))


def _set_by_scenes(things: list[Entity], entities: Mapping[str, Entity]) -> list[Entity]:
    """A scene itself never changes: what it sets does."""
    set_by = (one for thing in things if thing.domain == "scene" for one in thing.attributes.get("entity_id") or ())
    return [entities[one] for one in dict.fromkeys(set_by) if one in entities]
