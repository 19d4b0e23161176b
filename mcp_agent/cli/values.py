"""``key=value`` words as the arguments of a tool, read by the tool's schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from mcp_agent.cli.arguments import UsageError, utf8

_WORDS = {"true": True, "false": False, "null": None}


def read_arguments(words: Sequence[str], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Words such as ``limit=5`` or ``'{"limit": 5}'`` as a JSON object. Raises UsageError.

    A text stays a text where the schema wants one; numbers, true and false, lists and objects are JSON where it wants
    those, and a list may be given as the same key several times. What fits nothing stays a text: the tool says why.
    """
    result: dict[str, Any] = {}
    for word in words:
        utf8(word)
        if word.lstrip().startswith("{"):
            result.update(_object(word))
            continue
        key, equals, text = word.partition("=")
        if not equals or not key:
            raise UsageError(f"{word!r} is no argument: write key=value, or all of them as one JSON object.")
        node = schema.get("properties", {}).get(key, {})
        value = _value(text, node, schema)
        if key not in result:
            result[key] = value
        elif isinstance(result[key], list) and isinstance(value, list):
            result[key] = result[key] + value
        else:
            raise UsageError(f"{key} was given twice.")
    return result


def _object(word: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(word, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise UsageError(f"The JSON is not readable: {error}. In a shell, put it into single quotes.") from None


def _value(text: str, node: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    options = list(_options(node, root))
    kinds = {kind for option in options for kind in _kinds(option)}
    if kinds <= {"string"}:
        return text
    value = _json(text)
    if _kind_of(value) in kinds or (_kind_of(value) == "integer" and "number" in kinds):
        return value
    lists = [option for option in options if "array" in _kinds(option)]
    if lists and "string" not in kinds:
        return [_value(text, lists[0].get("items", {}), root)]
    return text


def _options(node: Mapping[str, Any], root: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The schemas that a value may follow, references resolved."""
    reference = node.get("$ref", "")
    node = root.get("$defs", {}).get(reference.rpartition("/")[2], node)
    inner = [*node.get("anyOf", ()), *node.get("oneOf", ())]
    if not inner:
        yield node
    for option in inner:
        yield from _options(option, root)


def _kinds(node: Mapping[str, Any]) -> set[str]:
    if "enum" in node or "const" in node:
        return {_kind_of(value) for value in node.get("enum", [node.get("const")])}
    kind = node.get("type", [])
    return {kind} if isinstance(kind, str) else set(kind)


def _kind_of(value: Any) -> str:
    if value is None:
        return "null"
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return kinds[type(value)]


def _json(text: str) -> Any:
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return text
