"""The home at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from mcp_agent import Context, tool
from mcp_agent_smart_home.examples import EXAMPLES
from mcp_agent_smart_home.home import Area, Entity, home_of

_ACTIVE: Mapping[str, frozenset[str]] = {
    "light": frozenset({"on"}), "switch": frozenset({"on"}), "fan": frozenset({"on"}), "siren": frozenset({"on"}),
    "humidifier": frozenset({"on"}), "input_boolean": frozenset({"on"}),
    "media_player": frozenset({"playing", "paused", "on"}), "vacuum": frozenset({"cleaning", "returning"}),
    "climate": frozenset({"heat", "cool", "heat_cool", "auto", "dry", "fan_only"}),
    "cover": frozenset({"open", "opening", "closing"}),
}  # fmt: skip
_ALARMING = frozenset({"problem", "smoke", "gas", "moisture", "carbon_monoxide", "safety", "tamper"})
_OPENINGS = frozenset({"door", "window", "garage_door", "opening"})
_LOW = 20.0
_MOST = 8
_MOST_IN_AREA = 5
_MOST_AREAS = 20


class AreaNow(Struct, frozen=True, omit_defaults=True):
    """``on`` names what is on, playing, heating or open."""

    name: str
    things: int
    floor: str | None = None
    on: list[str] = []


class Overview(Struct, frozen=True, omit_defaults=True):
    """Lists hold the first few; a last entry says how many more there are."""

    things: int
    kinds: dict[str, int]
    areas: list[AreaNow]
    without_area: AreaNow | None = None
    people: dict[str, str] = {}
    problems: list[str] = []
    unlocked_or_open: list[str] = []
    low_batteries: list[str] = []
    unavailable: list[str] = []
    updates: list[str] = []


@tool(effect="read", examples=EXAMPLES["home_overview"])
async def home_overview(ctx: Context) -> Overview:
    """The home at a glance: areas and what is on in each, people, problems, open doors, low batteries, updates.

    Begin here. home_search_entities finds the ids.
    """
    home = home_of(ctx)
    return overview(await home.entities(), await home.areas())


def overview(entities: Mapping[str, Entity], areas: Mapping[str, Area]) -> Overview:
    shown = [entity for entity in entities.values() if not entity.hidden]
    here: dict[str | None, list[Entity]] = {key: [] for key in [*areas, None]}
    for entity in shown:
        here[entity.area_id if entity.area_id in areas else None].append(entity)
    known = sorted(areas.values(), key=lambda area: (-len(here[area.area_id]), area.name))
    rooms = [_area(area.name, area.floor, here[area.area_id]) for area in known[:_MOST_AREAS]]
    if len(known) > _MOST_AREAS:
        rooms.append(
            AreaNow(f"{len(known) - _MOST_AREAS} more areas", sum(len(here[a.area_id]) for a in known[_MOST_AREAS:]))
        )
    return Overview(
        things=len(shown), kinds=dict(Counter(entity.domain for entity in shown).most_common(25)), areas=rooms,
        without_area=_area("no area", None, here[None]) if here[None] else None,
        people={entity.name: entity.state for entity in shown if entity.domain == "person"},
        problems=_first(_problem(entity) for entity in shown),
        unlocked_or_open=_first(_open(entity) for entity in shown),
        low_batteries=_first(_low_battery(entity) for entity in shown),
        unavailable=_first(entity.entity_id for entity in shown if entity.state == "unavailable"),
        updates=_first(entity.name for entity in shown if entity.domain == "update" and entity.state == "on"),
    )  # fmt: skip


def _area(name: str, floor: str | None, entities: list[Entity]) -> AreaNow:
    on = (_now(entity) for entity in entities if entity.state in _ACTIVE.get(entity.domain, ()))
    return AreaNow(name, len(entities), floor, _first(on, _MOST_IN_AREA))


def _now(entity: Entity) -> str:
    """The name, and the state where "on" does not say it all."""
    if entity.domain == "climate":
        wanted = entity.attributes.get("temperature")
        return f"{entity.name}: {entity.state}{f' to {wanted}' if wanted is not None else ''}"
    return entity.name if entity.state == "on" else f"{entity.name}: {entity.state}"


def _problem(entity: Entity) -> str | None:
    if entity.domain == "binary_sensor" and entity.state == "on" and entity.device_class in _ALARMING:
        return f"{entity.name}: {entity.device_class}"
    if entity.state in ("jammed", "triggered"):
        return f"{entity.name}: {entity.state}"
    return None


def _open(entity: Entity) -> str | None:
    if entity.domain == "lock" and entity.state in ("unlocked", "open"):
        return f"{entity.name}: {entity.state}"
    if entity.domain == "binary_sensor" and entity.state == "on" and entity.device_class in _OPENINGS:
        return f"{entity.name}: open"
    if entity.domain in ("cover", "valve") and entity.state == "open":
        outside = entity.domain == "valve" or entity.device_class in ("garage", "gate", "door", "window")
        return f"{entity.name}: open" if outside else None
    return None


def _low_battery(entity: Entity) -> str | None:
    if entity.domain == "binary_sensor" and entity.device_class == "battery":
        return entity.name if entity.state == "on" else None
    level = entity.state if entity.device_class == "battery" else entity.attributes.get("battery_level")
    try:
        percent = float(level)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return f"{entity.name}: {percent:.0f} %" if percent < _LOW else None


def _first(found: Iterable[str | None], most: int = _MOST) -> list[str]:
    told = [one for one in found if one is not None]
    return told if len(told) <= most else [*told[:most], f"and {len(told) - most} more"]
