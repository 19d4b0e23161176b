"""Python types as JSON Schema 2020-12, small enough for a model's context, and values back from JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from mcp_agent.errors import PluginError

Schema = dict[str, Any]

_REF = "#/$defs/"


def schema_of(kind: Any) -> Schema:
    """The schema of a type: definitions inlined unless they are recursive, titles left out.

    Raises PluginError for a type that has none.
    """
    try:
        schema = msgspec.json.schema(kind, schema_hook=_schema_hook)
    except TypeError as error:
        raise PluginError(f"{kind} has no JSON form: {error}") from None
    definitions = schema.pop("$defs", {})
    recursive: set[str] = set()
    result: Schema = _inline(schema, definitions, (), recursive)
    if recursive:
        result["$defs"] = {name: _inline(definitions[name], definitions, (name,), recursive) for name in recursive}
    return result


def decode_hook(kind: type, value: Any) -> Any:
    """For types that msgspec leaves to us: paths."""
    if issubclass(kind, Path) and isinstance(value, str):
        return kind(value).expanduser()
    raise NotImplementedError(f"{kind.__name__} cannot be made from JSON")


def _schema_hook(kind: type) -> Schema:
    if issubclass(kind, Path):
        return {"type": "string", "format": "path"}
    raise TypeError(f"{kind.__name__} is not a type that JSON can hold")


def _inline(node: Any, definitions: Schema, inside: tuple[str, ...], recursive: set[str]) -> Any:
    if isinstance(node, list):
        return [_inline(item, definitions, inside, recursive) for item in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if isinstance(reference, str) and reference.startswith(_REF):
        name = reference.removeprefix(_REF)
        if name in inside or name in recursive:
            recursive.add(name)
            return node
        rest = {key: value for key, value in node.items() if key != "$ref"}
        return {**_inline(definitions[name], definitions, (*inside, name), recursive), **rest}
    return {
        key: _inline_properties(value, definitions, inside, recursive)
        if key == "properties"
        else _inline(value, definitions, inside, recursive)
        for key, value in node.items()
        if key != "title" and not (key == "default" and value is None)
    }


def _inline_properties(node: Schema, definitions: Schema, inside: tuple[str, ...], recursive: set[str]) -> Schema:
    return {name: _inline(value, definitions, inside, recursive) for name, value in node.items()}
