"""Automations of the simulated home: which are valid, and what running one does. They run when they are triggered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Container, Mapping, Sequence

from mcp_agent import ToolError
from mcp_agent_smart_home.home import Json
from mcp_agent_smart_home.simulated.services import SERVICES

_TRIGGERS: Mapping[str, tuple[str, ...]] = {
    "state": ("entity_id",), "numeric_state": ("entity_id",), "time": ("at",), "sun": ("event",)
}  # fmt: skip
"""Platforms, and what each needs."""
_KEYS = frozenset(
    {
        "id", "alias", "description", "mode", "max", "variables", "trigger", "triggers", "condition", "conditions",
        "action", "actions",
    }
)  # fmt: skip


def check(config: Json, entities: Container[str]) -> None:
    """Raises ToolError that says which part is wrong."""
    if not isinstance(config, dict) or not isinstance(config.get("alias"), str) or not config["alias"].strip():
        raise ToolError("An automation needs an alias, which is its name.")
    unknown = sorted(set(config) - _KEYS)
    if unknown:
        raise ToolError(f"An automation has no {', '.join(unknown)}.")
    triggers, actions = parts(config, "trigger"), parts(config, "action")
    if not triggers or not actions:
        raise ToolError("An automation needs a trigger and an action at least.")
    for number, trigger in enumerate(triggers):
        where = f"trigger {number + 1}"
        platform = str(trigger.get("platform") or trigger.get("trigger"))
        if platform not in _TRIGGERS:
            raise ToolError(f"{where} has platform {platform!r}.", hint=f"There is {', '.join(_TRIGGERS)}.")
        for key in _TRIGGERS[platform]:
            if key not in trigger:
                raise ToolError(f"{where} ({platform}) needs {key}.")
        _check_entities(where, trigger.get("entity_id"), entities)
    for number, condition in enumerate(parts(config, "condition")):
        if condition.get("condition") != "state":
            raise ToolError(f"condition {number + 1} must be one of state here.")
        _check_entities(f"condition {number + 1}", condition.get("entity_id"), entities)
    for number, action in enumerate(actions):
        _check_action(f"action {number + 1}", action, entities)


def _check_action(where: str, action: Mapping[str, Json], entities: Container[str]) -> None:
    domain, _, service = str(action.get("service") or action.get("action")).partition(".")
    if service not in SERVICES.get(domain, {}):
        raise ToolError(f"{where} calls {domain}.{service}, which is no service here.")
    data = action.get("data") or {}
    SERVICES[domain][service].check(f"{where} ({domain}.{service})", data)
    _check_entities(where, targets(action), entities)


def _check_entities(where: str, named: Json, entities: Container[str]) -> None:
    for entity_id in listed(named):
        if entity_id not in entities:
            raise ToolError(f"{where} names {entity_id}, which is not there.")


def parts(config: Mapping[str, Json], what: str) -> list[Mapping[str, Json]]:
    """The triggers, conditions or actions: under either name, one or a list. Raises ToolError."""
    given = config.get(what, config.get(f"{what}s"))
    found = [] if given is None else given if isinstance(given, list) else [given]
    if not all(isinstance(one, dict) for one in found):
        raise ToolError(f"Each {what} must be an object.")
    return found


def listed(value: Json) -> list[str]:
    return [] if value is None else [str(one) for one in value] if isinstance(value, list) else [str(value)]


def targets(action: Mapping[str, Json]) -> list[str]:
    return listed((action.get("target") or {}).get("entity_id", action.get("entity_id")))


async def run(
    config: Mapping[str, Json],
    states: Mapping[str, str],
    call: Callable[[str, str, Sequence[str], Mapping[str, Json]], Awaitable[None]],
) -> dict[str, Json]:
    """Check the conditions, then act step by step; gives what a trace says. A step that fails ends it."""
    steps: list[Json] = []
    for number, condition in enumerate(parts(config, "condition")):
        holds = all(states.get(one) == str(condition.get("state")) for one in listed(condition.get("entity_id")))
        steps.append({"path": f"condition/{number}", "result": {"result": holds}})
        if not holds:
            return {"outcome": "failed_conditions", "steps": steps}
    for number, action in enumerate(parts(config, "action")):
        domain, _, service = str(action.get("service") or action.get("action")).partition(".")
        step: dict[str, Json] = {"path": f"action/{number}", "result": {"service": f"{domain}.{service}"}}
        steps.append(step)
        try:
            await call(domain, service, targets(action), action.get("data") or {})
        except ToolError as error:
            step["error"] = str(error)
            return {"outcome": "error", "error": str(error), "steps": steps}
    return {"outcome": "finished", "steps": steps}
