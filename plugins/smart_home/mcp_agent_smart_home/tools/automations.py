"""Automations: read, write, remove, and see what their runs did.

One acts later, on whatever it names, with nobody there to ask. So writing one is asked about each time, as what it
will do may not be taken back; the automation itself can be, by undo.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Struct

from mcp_agent import Context, Field, ToolError, Undo, tool
from mcp_agent_smart_home.examples import EXAMPLES
from mcp_agent_smart_home.home import Entity, Home, Json, home_of
from mcp_agent_smart_home.matching import Index, fold, key_of

_LONGEST_DIFF = 6000
_ENTITY = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")

Config = Annotated[
    dict[str, Json], Field("The automation as Home Assistant writes it: alias, trigger, condition, action, mode.")
]
Key = Annotated[
    str | None,
    Field("The id of the one to change; a new one is made without it.", pattern=r"^[A-Za-z0-9_-]{1,100}$"),
]


class Automation(Struct, frozen=True, omit_defaults=True):
    """``config`` is left out of lists. One without an id is written in a file by hand, and cannot be edited."""

    entity_id: str
    name: str
    enabled: bool
    id: str | None = None
    last_triggered: str | None = None
    config: Json = None


class Written(Struct, frozen=True, omit_defaults=True):
    """``diff`` shows what is different, line by line. ``not_there`` are things that it names and the home does not
    know: a mistake, unless they are to come."""

    id: str
    what: str
    diff: str
    not_there: list[str] = []


def _automation(entity: Entity) -> Automation:
    last, key = entity.attributes.get("last_triggered"), entity.attributes.get("id")
    return Automation(
        entity.entity_id, entity.name, entity.state == "on", None if key is None else str(key),
        None if last is None else str(last),
    )  # fmt: skip


async def find_automation(home: Home, which: str) -> Entity:
    """By entity id, own id or name. Raises ToolError that names near ones."""
    known = {one: entity for one, entity in (await home.entities()).items() if entity.domain == "automation"}
    for entity in known.values():
        if which in (entity.entity_id, str(entity.attributes.get("id"))) or fold(which) == fold(entity.name):
            return entity
    near = [one for one, _ in Index(known, {}).search(which)][:3]
    raise ToolError(
        f"There is no automation {which!r}.",
        hint=f"Did you mean {', '.join(near)}?" if near else "home_get_automation without an argument lists them.",
    )


@tool(effect="read", examples=EXAMPLES["home_get_automation"])
async def home_get_automation(
    ctx: Context, automation: Annotated[str | None, Field("Its entity id, id or name; left out: all.")] = None
) -> list[Automation]:
    """All automations, or one with what it does."""
    home = home_of(ctx)
    if automation is None:
        return [_automation(one) for one in (await home.entities()).values() if one.domain == "automation"]
    found = _automation(await find_automation(home, automation))
    config = await home.config("automation", found.id) if found.id else None
    return [Automation(found.entity_id, found.name, found.enabled, found.id, found.last_triggered, config)]


def _key_of(automation_id: str | None, config: Mapping[str, Json]) -> str:
    """The id given, or one made of the name, so that undo finds it by the arguments."""
    if automation_id:
        return automation_id
    key = key_of(str(config.get("alias") or ""))
    if not key:
        raise ToolError("The automation needs an alias, which is its name.", hint="Or give an automation_id.")
    return key


async def _written(ctx: Context, arguments: Any, result: Any) -> Any:
    return await home_of(ctx).config("automation", _key_of(arguments.automation_id, arguments.config))


async def _rewrite(ctx: Context, arguments: Any, result: Any, config: Any) -> None:
    await home_of(ctx).set_config("automation", _key_of(arguments.automation_id, arguments.config), config)


async def _diff_for_person(ctx: Context, config: Config, automation_id: Key = None) -> str:
    key = _key_of(automation_id, config)
    old = await home_of(ctx).config("automation", key)
    what = "Change" if old else "Add"
    return f"{what} the automation {config.get('alias', key)}:\n{_diff(old, {'id': key, **config})}\n"


@tool(
    effect="destructive",
    undo=Undo(_written, _rewrite),
    preview=_diff_for_person,
    examples=EXAMPLES["home_set_automation"],
)
async def home_set_automation(ctx: Context, config: Config, automation_id: Key = None) -> Written:
    """Add an automation, or replace the one of this id. It is checked before anything is written, and the old one can
    be brought back with undo. The person is asked each time: an automation acts when nobody is there to ask."""
    home = home_of(ctx)
    key = _key_of(automation_id, config)
    if str(config.get("id", key)) != key:
        raise ToolError(f"The id in config is {config['id']!r}, and not {key!r}.", hint="Leave it out of config.")
    old = await home.config("automation", key)
    if old is not None and automation_id is None:
        raise ToolError(f"There is an automation {key!r} already.", hint=f"To change it, give automation_id={key!r}.")
    new = {"id": key, **config}
    if old == new:
        return Written(key, "unchanged", "")
    await home.set_config("automation", key, new)
    entities = await home.entities()
    missing = sorted({one for one in _named_in(config) if _ENTITY.fullmatch(one) and one not in entities})
    return Written(key, "added" if old is None else "changed", _diff(old, new), missing)


def _named_in(part: Json) -> Iterator[str]:
    """Everything under a key ``entity_id``, however deep."""
    if isinstance(part, list):
        for one in part:
            yield from _named_in(one)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key == "entity_id":
                yield from (str(one) for one in (value if isinstance(value, list) else [value]))
            else:
                yield from _named_in(value)


async def _removed(ctx: Context, arguments: Any, result: Any) -> Any:
    return await home_of(ctx).config("automation", arguments.automation_id)


async def _bring_back(ctx: Context, arguments: Any, result: Any, config: Any) -> None:
    await home_of(ctx).set_config("automation", arguments.automation_id, config)


async def _goes(ctx: Context, automation_id: str) -> str:
    old = await home_of(ctx).config("automation", automation_id)
    return f"Remove the automation {(old or {}).get('alias', automation_id)}:\n{_diff(old, None)}\n"


@tool(
    effect="destructive",
    undo=Undo(_removed, _bring_back),
    preview=_goes,
    examples=EXAMPLES["home_remove_automation"],
)
async def home_remove_automation(
    ctx: Context,
    automation_id: Annotated[
        str, Field("Its own id, as home_get_automation gives it.", pattern=r"^[A-Za-z0-9_-]{1,100}$")
    ],
) -> Written:
    """Remove an automation. What it did is not taken back, its past runs are gone; undo brings it back itself."""
    home = home_of(ctx)
    old = await home.config("automation", automation_id)
    if old is None:
        entity = await find_automation(home, automation_id)
        key = entity.attributes.get("id")
        raise ToolError(
            f"{automation_id!r} is no id of an automation that can be edited.",
            hint=f"The id of {entity.name} is {key!r}." if key else f"{entity.name} is written in a file by hand.",
        )
    await home.set_config("automation", automation_id, None)
    return Written(automation_id, "removed", _diff(old, None))


def _diff(old: Json, new: Json) -> str:
    import difflib

    lines = difflib.unified_diff(_lines(old), _lines(new), "before", "after", lineterm="", n=2)
    text = "\n".join(lines)
    return text if len(text) <= _LONGEST_DIFF else f"{text[:_LONGEST_DIFF]}\n... ({len(text)} characters)"


def _lines(config: Json) -> list[str]:
    if config is None:
        return []
    return msgspec.json.format(msgspec.json.encode(config, order="sorted"), indent=1).decode().splitlines()
