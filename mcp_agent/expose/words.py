"""Tools in few words, for a model that chooses one and calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mcp_agent.jsonio import encode
from mcp_agent.model import Json, Tool
from mcp_agent.tokens import tokens

_LINE = 160
_DETAILED = 2
"""How many hits are shown with what their arguments mean."""


def hit_list(tools: Sequence[Tool], budget: int) -> str:
    """A paragraph for each, best first, those that fit into so many tokens: how it is called, and what it does."""
    shown: list[str] = []
    left = budget
    for place, tool in enumerate(tools):
        text = _paragraph(tool, arguments=place < _DETAILED)
        if tokens(text) > left:
            text = _paragraph(tool, arguments=False)
        left -= tokens(text) + 1
        if left < 0:
            break
        shown.append(text)
    return "\n".join(shown)


def description(tool: Tool) -> dict[str, Json]:
    """Everything that a listing would say of a tool."""
    return {
        "name": tool.name, "effect": tool.effect, "description": tool.description, "inputSchema": tool.input_schema
    }  # fmt: skip


def call_form(tool: Tool) -> str:
    """How it is called: ``home_get_state(entity_id: string, history?: boolean = false)``."""
    schema = tool.input_schema
    required = schema.get("required", ())
    properties: Mapping[str, Any] = schema.get("properties", {})
    parts = []
    for name, one in sorted(properties.items(), key=lambda item: item[0] not in required):
        default = f" = {encode(one['default']).decode()}" if one.get("default") not in (None, [], {}, "") else ""
        parts.append(f"{name}{'' if name in required else '?'}: {_kind(one, schema)}{default}")
    return f"{tool.name}({', '.join(parts)})"


def _paragraph(tool: Tool, *, arguments: bool) -> str:
    effect = "" if tool.effect == "read" else f" [{tool.effect}]"
    line = tool.description.partition("\n")[0]
    line = line if len(line) <= _LINE else f"{line[: _LINE - 3]}..."
    text = f"{call_form(tool)}{effect}\n  {line}"
    if arguments:
        said = {name: one.get("description") for name, one in tool.input_schema.get("properties", {}).items()}
        text += "".join(f"\n  {name}: {words}" for name, words in said.items() if words)
    return text


def _kind(one: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """A schema in a word or two."""
    if "$ref" in one:
        return _kind(schema.get("$defs", {}).get(one["$ref"].rpartition("/")[2], {}), schema)
    if "enum" in one:
        return "|".join(encode(value).decode() for value in one["enum"])
    for union in ("anyOf", "oneOf"):
        if union in one:
            kinds = [_kind(part, schema) for part in one[union] if part.get("type") != "null"]
            return "|".join(dict.fromkeys(kinds))
    kind = one.get("type", "any")
    if isinstance(kind, list):
        return "|".join(part for part in kind if part != "null")
    if kind == "array":
        return f"{_kind(one.get('items', {}), schema)}[]"
    if kind == "object" and one.get("properties"):
        return "{" + ", ".join(one["properties"]) + "}"
    return str(kind)
