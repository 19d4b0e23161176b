"""Says in a schema what msgspec leaves unsaid: that a text is a date and time, or a time of day.

Msgspec names these formats only where a time zone is demanded, and reads both kinds. Without the name a model cannot
know what to write.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import inspect

Schema = dict[str, Any]

_FORMATS = {inspect.DateTimeType: "date-time", inspect.TimeType: "time"}


def name_formats(kind: Any, schema: Schema, definitions: Schema) -> None:
    """Add ``format`` in place, to the schema of a type and to the definitions that it refers to."""
    _visit(inspect.type_info(kind), schema, definitions, set())


def _visit(info: Any, node: Any, definitions: Schema, seen: set[str]) -> None:
    if isinstance(info, inspect.Metadata):
        info = info.type
    if not isinstance(node, dict):
        return
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        if name not in seen:
            seen.add(name)
            _visit(info, definitions[name], definitions, seen)
    elif type(info) in _FORMATS:
        node.setdefault("format", _FORMATS[type(info)])
    elif isinstance(info, inspect.UnionType):
        for member in info.types:
            for option in _options(node):
                if _belongs(member, option, definitions):
                    _visit(member, option, definitions, seen)
    elif hasattr(info, "fields"):
        for field, inner in zip(info.fields, _of_fields(info, node), strict=False):
            _visit(field.type, inner, definitions, seen)
    elif hasattr(info, "item_types"):
        for member, inner in zip(info.item_types, node.get("prefixItems", ()), strict=False):
            _visit(member, inner, definitions, seen)
    elif hasattr(info, "item_type"):
        _visit(info.item_type, node.get("items"), definitions, seen)
    elif isinstance(info, inspect.DictType):
        _visit(info.value_type, node.get("additionalProperties"), definitions, seen)


def _of_fields(info: Any, node: Schema) -> list[Any]:
    if "prefixItems" in node:
        return list(node["prefixItems"])
    return [node.get("properties", {}).get(field.encode_name) for field in info.fields]


def _options(node: Schema) -> Iterator[Schema]:
    """The options of a union; tagged structs are a union of their own inside it."""
    for option in node.get("anyOf", ()):
        if "anyOf" in option:
            yield from _options(option)
        else:
            yield option


def _belongs(info: Any, option: Schema, definitions: Schema) -> bool:
    """Whether this option of a union is this member. A union has at most one member that reads text, and so on."""
    if isinstance(info, inspect.Metadata):
        info = info.type
    referred = "$ref" in option
    option = definitions[option["$ref"].rpartition("/")[2]] if referred else option
    if type(info) in _FORMATS:
        return option.get("type") == "string" and not option.keys() & {"enum", "format", "contentEncoding"}
    if hasattr(info, "fields"):
        names = {field.encode_name for field in info.fields}
        return referred and ("prefixItems" in option or names <= option.get("properties", {}).keys())
    expected = "object" if isinstance(info, inspect.DictType) else "array"
    return not referred and option.get("type") == expected
