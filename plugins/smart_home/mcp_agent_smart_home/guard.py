"""What must never be reached without a question of its own: locks, alarms, garage doors, valves, and the unknown.

The rule is closed: only what is known to be harmless and can be put back passes. See docs/decisions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from mcp_agent_smart_home.home import Entity
from mcp_agent_smart_home.restoring import DOMAINS

GENERIC = frozenset({"turn_on", "turn_off", "toggle"})
"""Services of ``homeassistant`` that act on entities of any domain. Its others restart and reload things."""
_GUARDED_COVERS = {"garage": "garage door", "gate": "gate", "door": "door"}
_TELLING = re.compile(r"(?:^|[\W_])(?:garage|gate|door|lock|valve|alarm)s?(?:$|[\W_])")
"""Words that make a switch, or a cover of no stated kind, one to be careful with."""
_TARGETS = frozenset({"entity_id", "area_id", "device_id", "floor_id", "label_id", "target", "domain", "service"})


def why_guarded(entity: Entity, home: Mapping[str, Entity], patterns: Sequence[str] = ()) -> str | None:
    """Why this needs the guarded tool, None where it does not. A group is what its members are."""
    return _why(entity, home, patterns, frozenset())


def _why(entity: Entity, home: Mapping[str, Entity], patterns: Sequence[str], seen: frozenset[str]) -> str | None:
    entity_id, domain = entity.entity_id, entity.domain
    if any(fnmatchcase(entity_id, pattern) for pattern in patterns):
        return "the settings guard it"
    if domain not in DOMAINS:
        return f"what is done to things of domain {domain} cannot be put back"
    if domain == "cover" and entity.device_class in _GUARDED_COVERS:
        return f"it is a {_GUARDED_COVERS[entity.device_class]}"
    if (domain == "switch" or (domain == "cover" and not entity.device_class)) and _TELLING.search(
        f"{entity_id} {entity.name}".lower()
    ):
        return "by its name it may open or unlock something"
    members = entity.attributes.get("entity_id")
    if isinstance(members, list | tuple):
        for member in members:
            found = home.get(member)
            reason = f"{member} is not known" if found is None else None
            if found is not None and member not in seen:
                reason = _why(found, home, patterns, seen | {entity_id})
            if reason:
                return f"it includes {member}: {reason}"
    return None


def why_not(domain: str, service: str, entities: Sequence[Entity]) -> str | None:
    """Why a service is none for the plain tool, whatever it is called on. None where it is one."""
    if domain == "homeassistant":
        return None if service in GENERIC else "it acts on the home as a whole"
    if domain not in DOMAINS:
        return f"what services of {domain} do cannot be put back"
    if any(entity.domain != domain for entity in entities):
        others = sorted({entity.domain for entity in entities} - {domain})
        return f"it is a service of {domain}, called on {', '.join(others)}"
    return None


def targets_in(data: Mapping[str, object]) -> list[str]:
    """Keys of service data that would reach further entities: they belong into the call's own arguments."""
    return sorted(_TARGETS & set(data))
