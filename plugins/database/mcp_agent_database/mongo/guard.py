"""Whether a filter or a pipeline changes nothing and runs no code, found by looking at every key of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mcp_agent import ToolError
from mcp_agent_database.mongo import literals, rules

_KNOWN = rules.STAGES | rules.FILTERS | rules.EXPRESSIONS | rules.REFERENCES | frozenset(literals.READ)
_MOST_DEPTH = 60
_MOST_PARTS = 20_000


def check_collection(name: object) -> None:
    """The name of a collection of the database itself, none of the server's own. Raises ToolError, as all here."""
    if not isinstance(name, str) or not name or name.startswith("system.") or "$" in name or "\0" in name:
        raise ToolError(f"{name!r} is no collection that can be asked.", hint="db_schemas lists them.")


def check_fields(names: Sequence[str]) -> None:
    """Names of fields, where nothing else may stand."""
    for name in names:
        if name.startswith("$") or not name:
            raise ToolError(f"{name!r} is no name of a field.")


def check_filter(found: Any) -> None:
    """No operator but those that read, at any depth."""
    _check_keys(found)


def check_pipeline(pipeline: Any) -> None:
    """The same, and no stage but those that read, in pipelines within stages too."""
    _check_keys(pipeline)
    _check_stages(pipeline)


def _check_stages(pipeline: Any) -> None:
    if not isinstance(pipeline, list | tuple):
        raise ToolError("A pipeline is a list of stages.")
    for stage in pipeline:
        if not isinstance(stage, Mapping) or len(stage) != 1:
            raise ToolError("A stage is an object with one key, such as {'$match': {...}}.")
        [(name, inner)] = stage.items()
        if name not in rules.STAGES:
            raise ToolError(f"{name} is no stage of a query.", hint=f"Stages are {', '.join(sorted(rules.STAGES))}.")
        if name == "$facet" and isinstance(inner, Mapping):
            for one in inner.values():
                _check_stages(one)
        elif name in ("$lookup", "$graphLookup", "$unionWith"):
            _check_joined(inner)


def _check_joined(inner: Any) -> None:
    """The other collection of a stage that joins: in this database, by its name."""
    if not isinstance(inner, Mapping):
        check_collection(inner)
        return
    for key in ("from", "coll"):
        if key in inner:
            check_collection(inner[key])
    if "pipeline" in inner:
        _check_stages(inner["pipeline"])


def _check_keys(found: Any) -> None:
    """Without recursion: what comes from outside may be deep."""
    left = [(found, 0)]
    parts = 0
    while left:
        value, depth = left.pop()
        parts += 1
        if depth > _MOST_DEPTH or parts > _MOST_PARTS:
            raise ToolError("This is nested too deeply, or too large.", hint="Ask for less at once.")
        if isinstance(value, Mapping):
            for key in value:
                _check_key(key)
            left += [(one, depth + 1) for one in value.values()]
        elif isinstance(value, list | tuple):
            left += [(one, depth + 1) for one in value]


def _check_key(key: str) -> None:
    for part in key.split("."):
        if part.startswith("$") and part not in _KNOWN:
            raise ToolError(
                f"{part[:50]} is refused: it writes, runs code, looks into the server, or is not known here.",
                hint="Queries only read: MongoDB's operators for filters and expressions, without JavaScript.",
            )
