"""What tools show of a thing, and how the things that a call names are found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Struct

from mcp_agent import Field, ToolError
from mcp_agent_smart_home.home import Area, Entity, Json
from mcp_agent_smart_home.matching import Index, fold

EntityId = Annotated[
    str, Field("An entity id, such as light.kitchen.", pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$", max_length=255)
]

_QUIET = frozenset(
    {
        "friendly_name", "icon", "entity_picture", "supported_features", "attribution", "device_class", "state_class",
        "unit_of_measurement", "access_token", "restored", "editable", "id", "entity_id", "supported_color_modes",
    }
)  # fmt: skip
"""Attributes that are told elsewhere, or that only matter to a user interface. A camera's access token is a secret."""
_LONGEST_ATTRIBUTE = 300


class Thing(Struct, frozen=True, omit_defaults=True):
    """A thing in short. ``state`` has its unit."""

    entity_id: str
    name: str
    state: str
    area: str | None = None


def short(entity: Entity, areas: Mapping[str, Area]) -> Thing:
    return Thing(entity.entity_id, entity.name, entity.shown, area_name(entity, areas))


def area_name(entity: Entity, areas: Mapping[str, Area]) -> str | None:
    area = areas.get(entity.area_id or "")
    return area.name if area else None


def attributes(entity: Entity) -> dict[str, Json]:
    """Those that say something, without what is too long to be read."""
    found = {name: value for name, value in entity.attributes.items() if name not in _QUIET and value is not None}
    return {name: value for name, value in found.items() if len(str(value)) <= _LONGEST_ATTRIBUTE}


def named(entities: Mapping[str, Entity], entity_ids: Sequence[str], domain: str | None = None) -> list[Entity]:
    """The things of these ids, each once. Raises ToolError that says what may have been meant."""
    found = []
    for entity_id in dict.fromkeys(entity_ids):
        entity = entities.get(entity_id)
        if entity is None:
            kind, _, rest = entity_id.partition(".")
            near = [one for one, _ in Index(entities, {}).search(rest)]
            near = sorted(near, key=lambda one: one.partition(".")[0] != kind)[:3]
            hint = f"Did you mean {', '.join(near)}?" if near else "home_search_entities finds things by name."
            raise ToolError(f"There is no {entity_id} in this home.", hint=hint)
        if domain is not None and entity.domain != domain:
            raise ToolError(
                f"{entity_id} is no {domain}.", hint=f"home_search_entities with domain {domain} finds those."
            )
        found.append(entity)
    return found


def area_called(areas: Mapping[str, Area], name: str) -> Area:
    """By id, name or alias. Raises ToolError that lists what there is."""
    wanted = fold(name)
    for area in areas.values():
        if wanted in (fold(area.area_id), fold(area.name), *map(fold, area.aliases)):
            return area
    known = ", ".join(area.name for area in list(areas.values())[:30]) or "none"
    raise ToolError(f"There is no area {name!r}.", hint=f"There is: {known}.")


def iso(at: float) -> str:
    """UTC, to the second."""
    return datetime.fromtimestamp(int(at), UTC).isoformat().replace("+00:00", "Z")
