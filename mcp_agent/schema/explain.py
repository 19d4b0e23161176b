"""Validation errors in words: which argument, what was given, what is allowed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from mcp_agent.errors import InvalidArguments

_AT = re.compile(r" - at `(?:key in )?\$(.*)`$")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_MISSING = re.compile(r"Object missing required field `(.+)`")
_UNKNOWN = re.compile(r"Object contains unknown field `(.+)`")

_NAMES = {
    "string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
    "array": "a list", "object": "an object", "null": "null",
}  # fmt: skip
_FORMATS = {
    "date-time": "a date and time such as 2026-03-01T18:30:00Z", "date": "a date such as 2026-03-01",
    "time": "a time such as 18:30:00", "duration": "a duration such as PT1H30M", "uuid": "a UUID",
    "path": "a file path",
}  # fmt: skip
_SHOWN = 80


def explain(error: Exception, tool: str, raw: bytes, schema: Mapping[str, Any]) -> InvalidArguments:
    """What is wrong with ``raw`` as arguments of ``tool``, from the validator's own finding."""
    if not isinstance(error, msgspec.ValidationError):
        return InvalidArguments(f"The arguments of {tool} are not readable JSON: {error}")
    text = str(error)
    at = _AT.search(text)
    steps = _STEP.findall(at[1]) if at else []
    finding = text[: at.start()] if at else text
    path = [name or (index if index == "..." else int(index)) for name, index in steps]
    value = _decoded(raw)
    node, where = _walk_schema(schema, path, value), _spell(path)
    if missing := _MISSING.fullmatch(finding):
        field = _join(where, missing[1])
        allowed = describe(node.get("properties", {}).get(missing[1], {}))
        return InvalidArguments(f"{tool} needs {field}, which is missing; it must be {allowed}.")
    if unknown := _UNKNOWN.fullmatch(finding):
        return _unknown_field(tool, where, unknown[1], list(node.get("properties", {})))
    if not path:
        return InvalidArguments(f"{tool} takes its arguments as an object. {finding}.")
    if isinstance(value, Exception):  # further on than the validator got
        return InvalidArguments(f"The arguments of {tool} are not readable JSON: {value}")
    given = _shown(_walk_value(value, path))
    return InvalidArguments(f"{tool}: {where} was {given}, but must be {describe(node)}.")


def _decoded(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
        return broken


def describe(node: Mapping[str, Any]) -> str:
    """A schema in a few words."""
    if "enum" in node:
        return "one of " + ", ".join(_shown(value) for value in node["enum"])
    if "const" in node:
        return _shown(node["const"])
    if "anyOf" in node:
        return " or ".join(dict.fromkeys(describe(option) for option in node["anyOf"]))
    kind = node.get("type")
    if isinstance(kind, list):
        return " or ".join(describe({**node, "type": one}) for one in kind)
    words = _FORMATS.get(node.get("format", "")) or _NAMES.get(kind or "", "a value of another type")
    if node.get("contentEncoding") == "base64":
        words = "base64 text"
    return words + _bounds(node)


def _bounds(node: Mapping[str, Any]) -> str:
    low, high = node.get("minimum"), node.get("maximum")
    words = []
    if low is not None and high is not None:
        words.append(f"from {low} to {high}")
    elif low is not None:
        words.append(f"of at least {low}")
    elif high is not None:
        words.append(f"of at most {high}")
    for key, phrase in (
        ("exclusiveMinimum", "above {}"), ("exclusiveMaximum", "below {}"), ("multipleOf", "that is a multiple of {}"),
        ("pattern", "matching {}"), ("minLength", "of at least {} characters"),
        ("maxLength", "of at most {} characters"), ("minItems", "of at least {} items"),
        ("maxItems", "of at most {} items"),
    ):  # fmt: skip
        if key in node:
            words.append(phrase.format(node[key]))
    return "".join(" " + word for word in words)


def _unknown_field(tool: str, where: str, field: str, known: list[str]) -> InvalidArguments:
    near = difflib.get_close_matches(field, known, 1)
    hint = f"Did you mean {near[0]}?" if near else None
    takes = ", ".join(known) if known else "no arguments"
    return InvalidArguments(f"{tool} has no argument {_join(where, field)}; it takes {takes}.", hint=hint)


def _walk_schema(node: Mapping[str, Any], path: list[Any], value: Any) -> Mapping[str, Any]:
    root = node
    for step in path:
        node = _variant(root, _resolve(root, node), value)
        value = _walk_value(value, [step])
        for option in (node, *node.get("anyOf", ())):
            option = _resolve(root, option)
            if isinstance(step, str) and step in option.get("properties", {}):
                node = option["properties"][step]
                break
            if isinstance(step, int) and "prefixItems" in option and step < len(option["prefixItems"]):
                node = option["prefixItems"][step]
                break
            if isinstance(step, int) and "items" in option:
                node = option["items"]
                break
            if isinstance(option.get("additionalProperties"), dict):
                node = option["additionalProperties"]
                break
        else:
            return {}
    return _variant(root, _resolve(root, node), value) if isinstance(node, dict) else {}


def _variant(root: Mapping[str, Any], node: Mapping[str, Any], value: Any) -> Mapping[str, Any]:
    """Of objects told apart by a tag the one that the value says it is, or what can be said, where it is none of them.
    Any other node as it is."""
    variants = {}
    for option in (_resolve(root, option) for option in node.get("anyOf", ())):
        for name, one in option.get("properties", {}).items():
            if len(one.get("enum", ())) == 1:
                variants[name, one["enum"][0]] = option
    if len(variants) < 2 or not isinstance(value, dict):
        return node
    for (name, tag), option in variants.items():
        if value.get(name) == tag:
            return option
    tags = {"enum": [tag for _, tag in variants]}
    return {"type": "object", "properties": {name: tags for name, _ in variants}}


def _resolve(root: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = node.get("$ref", "")
    resolved: Mapping[str, Any] = root.get("$defs", {}).get(reference.rpartition("/")[2], node)
    return resolved


def _walk_value(value: Any, path: list[Any]) -> Any:
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return value
    return value


def _spell(path: list[Any]) -> str:
    text = ""
    for step in path:
        text = f"{text}[{step}]" if isinstance(step, int) or step == "..." else _join(text, step)
    return text


def _join(where: str, field: str) -> str:
    return f"{where}.{field}" if where else field


def _shown(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
