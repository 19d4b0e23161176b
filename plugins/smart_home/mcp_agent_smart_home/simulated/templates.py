"""Jinja templates over the simulated home, in a sandbox with an end: neither time nor memory can run away.

A real Home Assistant has many more functions. Here there is what can be bounded: nothing that makes much out of little
in a single step, and between two steps the time and the size of what was made are looked at.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from types import FrameType
from typing import Any

from mcp_agent import ToolError
from mcp_agent_smart_home.home import Area, Entity

_SECONDS = 2.0
_LONGEST = 20_000
_LONGEST_RANGE = 1000
_LARGEST_NUMBER = 2**64
_LARGEST_POWER = 64
_FILTERS = frozenset(
    {
        "abs", "capitalize", "count", "d", "default", "first", "float", "groupby", "int", "items", "join", "last",
        "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "round", "select", "selectattr", "sort",
        "string", "sum", "title", "trim", "unique", "upper",
    }
)  # fmt: skip
_TEXT_METHODS = frozenset({"capitalize", "endswith", "lower", "split", "startswith", "strip", "title", "upper"})


class _TooMuch(Exception):
    """The template runs longer, or makes more, than it may."""


def render(template: str, entities: Mapping[str, Entity], areas: Mapping[str, Area], now: str) -> str:
    """Runs in the calling thread, for two seconds at most. Raises ToolError."""
    from jinja2 import TemplateError

    until = time.monotonic() + _SECONDS

    def watch(frame: FrameType, event: str, made: Any) -> Any:
        if time.monotonic() > until or (event == "return" and isinstance(made, str) and len(made) > _LONGEST):
            raise _TooMuch
        return watch

    before = sys.gettrace()
    try:
        made = _environment().from_string(template)
        sys.settrace(watch)  # of this thread only: a template has no other point at which it could be stopped
        text: str = made.render(_names(entities, areas, now))
    except _TooMuch:
        raise ToolError("The template takes too long or makes too much.", hint="Loop over less.") from None
    except (
        TemplateError,
        ArithmeticError,
        TypeError,
        ValueError,
        LookupError,
        AttributeError,
        RecursionError,
    ) as error:
        raise ToolError(f"The template does not work: {error}", hint="Check its Jinja syntax.") from None
    finally:
        sys.settrace(before)
    return text


def _environment() -> Any:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Sandbox(ImmutableSandboxedEnvironment):
        intercepted_binops = frozenset({"+", "*", "**", "%"})

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            """Numbers only, of a size that is soon computed. Texts are put together with ~."""
            for side in (left, right):
                if not isinstance(side, int | float) or abs(side) > _LARGEST_NUMBER:
                    raise ToolError(f"Only numbers may be used with {operator} here.", hint="Texts go together with ~.")
            if operator == "**" and abs(right) > _LARGEST_POWER:
                raise ToolError("That power is too large.")
            return super().call_binop(context, operator, left, right)

        def wrap_str_format(self, value: Any) -> None:
            """str.format is no exception: a width in it makes texts of any size."""

        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            return (not isinstance(obj, str) or attr in _TEXT_METHODS) and super().is_safe_attribute(obj, attr, value)

    made = Sandbox()
    made.filters = {name: function for name, function in made.filters.items() if name in _FILTERS}
    made.globals = {"range": _short_range, "namespace": made.globals["namespace"]}
    return made


def _short_range(*bounds: int) -> range:
    found = range(*bounds)
    if len(found) > _LONGEST_RANGE:
        raise ToolError(f"A range may have {_LONGEST_RANGE} numbers here.", hint="Loop over less.")
    return found


def _names(entities: Mapping[str, Entity], areas: Mapping[str, Area], now: str) -> dict[str, Any]:
    """The functions of Home Assistant that there are here."""

    def state(entity_id: str) -> str:
        found = entities.get(entity_id)
        return found.state if found else "unknown"

    def attribute(entity_id: str, name: str) -> Any:
        found = entities.get(entity_id)
        return found.attributes.get(name) if found else None

    def in_area(name: str) -> list[str]:
        wanted = {key for key, area in areas.items() if name in (key, area.name)}
        return [entity_id for entity_id, entity in entities.items() if entity.area_id in wanted]

    return {
        "states": state, "state_attr": attribute, "is_state": lambda entity_id, value: state(entity_id) == value,
        "area_entities": in_area, "areas": lambda: list(areas), "now": lambda: now,
    }  # fmt: skip
