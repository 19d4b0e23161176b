"""Scenes: states of several things under one name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, Undo, tool
from mcp_agent_smart_home.acting import Change, restore, snapshot, watched
from mcp_agent_smart_home.examples import EXAMPLES
from mcp_agent_smart_home.guard import why_guarded
from mcp_agent_smart_home.home import ABSENT, Entity, Home, Json, home_of
from mcp_agent_smart_home.matching import key_of
from mcp_agent_smart_home.things import EntityId, area_called, attributes, named

_SECONDS = 30.0
_MOST = 50

SceneId = Annotated[str, Field("Its entity id, such as scene.evening.", pattern=r"^scene\.[a-z0-9_]+$", max_length=255)]


class Scene(Struct, frozen=True, omit_defaults=True):
    """``guarded`` says why home_apply_scene does not take it."""

    entity_id: str
    name: str
    things: list[str] = []
    guarded: str | None = None


class Applied(Struct, frozen=True):
    changes: list[Change]


class Captured(Struct, frozen=True, omit_defaults=True):
    """``left_out`` cannot be part of a scene made here: locks and the like, and what is unavailable."""

    id: str
    what: str
    things: list[str]
    left_out: list[str] = []


@tool(effect="read", examples=EXAMPLES["home_scenes"])
async def home_scenes(ctx: Context) -> list[Scene]:
    """All scenes, with the things that each of them sets."""
    entities = await home_of(ctx).entities()
    return [
        Scene(one.entity_id, one.name, _members(one), _why(one, entities, ctx.config.guarded))
        for one in entities.values()
        if one.domain == "scene"
    ]


def _members(scene: Entity) -> list[str]:
    return [str(one) for one in scene.attributes.get("entity_id") or ()]


def _why(scene: Entity, entities: Mapping[str, Entity], guarded: tuple[str, ...]) -> str | None:
    """A scene that does not say what it sets may set anything."""
    members = _members(scene)
    if not members:
        return "it does not say what it sets"
    for member in members:
        why = why_guarded(entities[member], entities, guarded) if member in entities else None
        if why:
            return f"it sets {member}: {why}"
    return None


async def _before_scene(ctx: Context, arguments: Any, result: Any) -> Any:
    home = home_of(ctx)
    [scene] = named(await home.entities(), [arguments.scene])
    return await snapshot(ctx, _members(scene))


async def _put_back(ctx: Context, arguments: Any, result: Any, states: Any) -> None:
    await restore(ctx, states)


@tool(effect="write", undo=Undo(_before_scene, _put_back), timeout=90, examples=EXAMPLES["home_apply_scene"])
async def home_apply_scene(ctx: Context, scene: SceneId) -> Applied:
    """Apply a scene; tells how each of its things was before and is after. One that sets a lock or another guarded
    thing goes through home_call_guarded_service with scene.turn_on."""
    home = home_of(ctx)
    entities = await home.entities()
    [found] = named(entities, [scene])
    why = _why(found, entities, ctx.config.guarded)
    if why:
        raise ToolError(
            f"{scene} is guarded: {why}.",
            hint="Nothing was done. home_call_guarded_service with scene.turn_on asks the person, and can.",
        )
    members = [entities[one] for one in _members(found) if one in entities]
    return Applied(await watched(home, members, _SECONDS, lambda: home.call("scene", "turn_on", [scene], {})))


def _key_of(name: str) -> str:
    key = key_of(name)
    if not key:
        raise ToolError(f"{name!r} has no letter or digit.", hint="Call the scene something with a word in it.")
    return key


async def _scene_config(ctx: Context, arguments: Any, result: Any) -> Any:
    return await home_of(ctx).config("scene", _key_of(arguments.name))


async def _rewrite(ctx: Context, arguments: Any, result: Any, config: Any) -> None:
    await home_of(ctx).set_config("scene", _key_of(arguments.name), config)


@tool(effect="write", undo=Undo(_scene_config, _rewrite), examples=EXAMPLES["home_capture_scene"])
async def home_capture_scene(
    ctx: Context,
    name: Annotated[str, Field("What to call it. A scene of that name is replaced.", pattern=r"\w", max_length=100)],
    entity_ids: Annotated[list[EntityId], Field("Which things.", max_length=_MOST)] = [],  # noqa: B006
    area: Annotated[str | None, Field("Or everything in this area.", max_length=200)] = None,
) -> Captured:
    """Keep how things are now as a scene, to be applied later."""
    home = home_of(ctx)
    chosen = await _chosen(home, entity_ids, area)
    entities = await home.entities()
    left_out = [
        one.entity_id
        for one in chosen
        if one.state in ABSENT or why_guarded(one, entities, ctx.config.guarded) is not None
    ]
    states = {one.entity_id: _state(one) for one in chosen if one.entity_id not in left_out}
    if not states:
        raise ToolError("Nothing of that can be kept in a scene.", hint="home_search_entities finds lights and more.")
    key = _key_of(name)
    old = await home.config("scene", key)
    await home.set_config("scene", key, {"id": key, "name": name, "entities": states})
    return Captured(key, "added" if old is None else "replaced", sorted(states), left_out)


async def _chosen(home: Home, entity_ids: list[str], area: str | None) -> list[Entity]:
    if bool(entity_ids) == (area is not None):
        raise ToolError("Say which things, or which area.", hint="One of entity_ids and area.")
    entities = await home.entities()
    if area is None:
        return named(entities, entity_ids)
    place = area_called(await home.areas(), area).area_id
    found = [one for one in entities.values() if one.area_id == place and not one.category and not one.hidden]
    return [one for one in found if one.domain not in ("sensor", "binary_sensor", "camera")]


def _state(entity: Entity) -> dict[str, Json]:
    """With all that it says of itself, as Home Assistant keeps it: each kind of thing takes from it what it needs."""
    return {**attributes(entity), "state": entity.state}
