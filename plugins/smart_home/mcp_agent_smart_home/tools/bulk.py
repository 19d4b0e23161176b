"""The same for many things at once, chosen by where and what they are. It never reaches anything guarded."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, Undo, tool
from mcp_agent_smart_home.acting import Change, act, restore, snapshot
from mcp_agent_smart_home.examples import EXAMPLES
from mcp_agent_smart_home.guard import GENERIC, why_guarded
from mcp_agent_smart_home.home import ABSENT, Area, Entity, Home, home_of
from mcp_agent_smart_home.matching import fold
from mcp_agent_smart_home.restoring import DOMAINS
from mcp_agent_smart_home.things import area_called
from mcp_agent_smart_home.tools.control import Data, Service, Wait, check_data

_MOST = 200
_AT_ONCE = 8
_TOLD = 30
_SWITCHED = frozenset(
    {
        "light", "switch", "fan", "climate", "humidifier", "media_player", "siren", "input_boolean", "water_heater",
        "lock", "alarm_control_panel", "valve",
    }
)  # fmt: skip
"""What somebody may mean by switching everything on or off. Those that are guarded are told, and left out."""


class Selector(Struct, frozen=True):
    """Which things: all conditions that are given hold. ``domain`` is settled by the service, but for generic ones."""

    domain: str | None
    area: str | None
    floor: str | None
    label: str | None
    everywhere: bool


class LeftOut(Struct, frozen=True):
    entity_id: str
    why: str


class Failed(Struct, frozen=True):
    entity_id: str
    error: str


class Bulk(Struct, frozen=True, omit_defaults=True):
    """A result for each thing. ``without_area`` would have been meant by the service, but is in no area at all: name
    those in home_call_service if they are wanted too."""

    changed: list[Change] = []
    unchanged: list[str] = []
    failed: list[Failed] = []
    left_out: list[LeftOut] = []
    without_area: list[str] = []
    more_without_area: int = 0


class Chosen(Struct, frozen=True):
    things: list[Entity]
    left_out: list[LeftOut]
    without_area: list[str]


async def _states(ctx: Context, arguments: Any, result: Any) -> Any:
    selector = _selector(
        arguments.service, arguments.domain, arguments.area, arguments.floor, arguments.label, arguments.everywhere
    )
    chosen = await choose(home_of(ctx), selector, ctx.config.guarded)
    return await snapshot(ctx, [entity.entity_id for entity in chosen.things])


async def _put_back(ctx: Context, arguments: Any, result: Any, states: Any) -> None:
    await restore(ctx, states)


@tool(
    effect="write",
    undo=Undo(_states, _put_back),
    timeout=600,
    examples=EXAMPLES["home_bulk_control"],
)
async def home_bulk_control(
    ctx: Context,
    service: Service,
    area: Annotated[str | None, Field("Only in this area: name, alias or id.", max_length=200)] = None,
    floor: Annotated[str | None, Field("Only on this floor.", max_length=200)] = None,
    label: Annotated[str | None, Field("Only with this label.", max_length=200)] = None,
    domain: Annotated[str | None, Field("For homeassistant.turn_on, turn_off, toggle: of which kind.")] = None,
    everywhere: Annotated[bool, Field("Yes, in the whole home, when no area, floor or label is given.")] = False,
    data: Data = {},  # noqa: B006
    wait_seconds: Wait = 30,
) -> Bulk:
    """Do the same to all things of a kind in an area, on a floor or with a label: light.turn_off in the kitchen.

    Gives a result for each. Guarded things (locks, alarms, garage doors, valves, ...) are never part of it. Things
    without an area are told, when an area or floor was given.
    """
    home = home_of(ctx)
    check_data(data)
    chosen = await choose(home, _selector(service, domain, area, floor, label, everywhere), ctx.config.guarded)
    if not chosen.things:
        only = f" {len(chosen.left_out)} were left out: {chosen.left_out[0].why}." if chosen.left_out else ""
        raise ToolError(
            f"Nothing to call {service} on was found there.{only}", hint="home_overview shows what is where."
        )
    if len(chosen.things) > _MOST:
        raise ToolError(
            f"That would be {len(chosen.things)} things; {_MOST} at most.", hint="Choose an area or a floor."
        )
    gate = asyncio.Semaphore(_AT_ONCE)
    kind, _, name = service.partition(".")

    async def one(thing: Entity) -> Change | Failed:
        async with gate:
            try:
                [change] = await act(home, kind, name, [thing], data, wait_seconds)
            except ToolError as error:
                return Failed(thing.entity_id, str(error))
            return change

    outcomes = await asyncio.gather(*map(one, chosen.things))
    return Bulk(
        changed=[one for one in outcomes if isinstance(one, Change) and one.before != one.after],
        unchanged=[one.entity_id for one in outcomes if isinstance(one, Change) and one.before == one.after],
        failed=[one for one in outcomes if isinstance(one, Failed)],
        left_out=chosen.left_out[:_TOLD], without_area=chosen.without_area[:_TOLD],
        more_without_area=max(0, len(chosen.without_area) - _TOLD),
    )  # fmt: skip


def _selector(
    service: str, domain: str | None, area: str | None, floor: str | None, label: str | None, everywhere: bool
) -> Selector:
    """Raises ToolError for one that is broader than anybody can have meant, or makes no sense."""
    kind, _, name = service.partition(".")
    if kind == "homeassistant":
        if name not in GENERIC:
            raise ToolError(f"{service} acts on the home as a whole.", hint=f"Use {', '.join(sorted(GENERIC))}.")
    elif domain not in (None, kind):
        raise ToolError(f"{service} is not for things of domain {domain}.", hint="Leave domain out.")
    else:
        domain = kind
    if domain is not None and domain not in (_SWITCHED & DOMAINS.keys() if kind == "homeassistant" else DOMAINS):
        raise ToolError(
            f"Things of domain {domain} are not changed in bulk: what they do cannot be put back.",
            hint="home_call_guarded_service takes them one by one, and asks the person.",
        )
    if not (area or floor or label):
        if not everywhere:
            raise ToolError(
                "That would reach the whole home.", hint="Give an area, floor or label, or everywhere=true."
            )
        if domain is None:
            raise ToolError("That would reach everything there is.", hint="Say of which domain.")
    return Selector(domain, area, floor, label, everywhere)


async def choose(home: Home, selector: Selector, guarded: tuple[str, ...]) -> Chosen:
    """What a selector means. Raises ToolError for an area, floor or label that does not exist."""
    entities, areas = await home.entities(), await home.areas()
    wanted = _areas(selector, areas)
    if selector.label is not None and not any(_labelled(entity, selector.label) for entity in entities.values()):
        known = sorted({label for entity in entities.values() for label in entity.labels})
        raise ToolError(f"Nothing has the label {selector.label!r}.", hint=f"There is: {', '.join(known) or 'none'}.")
    things, left_out, without_area = [], list[LeftOut](), list[str]()
    for entity in entities.values():
        if not _fits(entity, selector):
            continue
        if wanted is not None and entity.area_id not in wanted:
            if entity.area_id is None and entity.domain in DOMAINS and not why_guarded(entity, entities, guarded):
                without_area.append(entity.entity_id)
            continue
        why = why_guarded(entity, entities, guarded) or ("unavailable" if entity.state in ABSENT else None)
        if why is None:
            things.append(entity)
        else:
            left_out.append(LeftOut(entity.entity_id, why))
    return Chosen(things, left_out, without_area)


def _areas(selector: Selector, areas: Mapping[str, Area]) -> set[str] | None:
    """The areas meant, None for wherever."""
    wanted = None if selector.area is None else {area_called(areas, selector.area).area_id}
    if selector.floor is None:
        return wanted
    on_floor = {key for key, area in areas.items() if area.floor and fold(area.floor) == fold(selector.floor)}
    if not on_floor:
        known = sorted({area.floor for area in areas.values() if area.floor})
        raise ToolError(f"There is no floor {selector.floor!r}.", hint=f"There is: {', '.join(known) or 'none'}.")
    return on_floor if wanted is None else on_floor & wanted


def _fits(entity: Entity, selector: Selector) -> bool:
    """What is hidden or only for configuring is not meant by anybody who says "all"."""
    if entity.hidden or entity.category is not None:
        return False
    kind = entity.domain in _SWITCHED if selector.domain is None else entity.domain == selector.domain
    return kind and (selector.label is None or _labelled(entity, selector.label))


def _labelled(entity: Entity, label: str) -> bool:
    return fold(label) in map(fold, entity.labels)
