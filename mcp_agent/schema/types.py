"""Python types as JSON Schema 2020-12, small enough for a model's context, and values back from JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from mcp_agent.errors import PluginError
from mcp_agent.schema.formats import name_formats

Schema = dict[str, Any]

_REF = "#/$defs/"
_VALUES = frozenset({"default", "enum", "const", "examples"})
"""Keys that hold values, not schemas: nothing in them is touched."""
_LEFT_OUT = frozenset({"title", "discriminator"})
"""What only costs a model's context; a discriminator would also point to definitions that are inlined here."""


def schema_of(kind: Any) -> Schema:
    """The schema of a type: definitions inlined unless they are recursive, titles left out.

    Raises PluginError for a type that has none.
    """
    try:
        schema = msgspec.json.schema(kind, schema_hook=_schema_hook)
    except TypeError as error:
        raise PluginError(str(error)) from None
    definitions = schema.pop("$defs", {})
    name_formats(kind, schema, definitions)
    recursive: set[str] = set()
    result: Schema = _inline(schema, definitions, (), recursive)
    if recursive:
        result["$defs"] = {name: _inline(definitions[name], definitions, (name,), recursive) for name in recursive}
    return result


def decode_hook(kind: type, value: Any) -> Any:
    """For types that msgspec leaves to us: paths."""
    if issubclass(kind, Path) and isinstance(value, str):
        try:
            return kind(value).expanduser()
        except RuntimeError as error:  # the home of somebody who is not there
            raise ValueError(str(error)) from None
    raise ValueError(f"Expected `{kind.__name__}`")


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
    result = {}
    for key, value in node.items():
        if key in _VALUES:
            if key != "default" or value is not None:
                result[key] = value
        elif key == "properties":
            result[key] = _inline_properties(value, definitions, inside, recursive)
        elif key not in _LEFT_OUT:
            result[key] = _inline(value, definitions, inside, recursive)
    if "anyOf" in result:
        result["anyOf"] = [deep for option in result["anyOf"] for deep in _flat(option)]
    return result


def _flat(option: Any) -> list[Any]:
    """A union inside a union is part of it."""
    return list(option["anyOf"]) if isinstance(option, dict) and option.keys() == {"anyOf"} else [option]


def _inline_properties(node: Schema, definitions: Schema, inside: tuple[str, ...], recursive: set[str]) -> Schema:
    return {name: _inline(value, definitions, inside, recursive) for name, value in node.items()}
