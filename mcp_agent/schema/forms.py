"""Forms for a person: a flat struct as the restricted schema that elicitation allows, and the answer back."""

from __future__ import annotations

from typing import Any

import msgspec

from mcp_agent.errors import PluginError, ToolError
from mcp_agent.schema.types import Schema, decode_hook, schema_of

_PRIMITIVES = frozenset({"string", "number", "integer", "boolean"})


def form_schema(form: type | Schema) -> Schema:
    """Raises PluginError when a field is more than text, a number, yes or no, or a choice."""
    if isinstance(form, dict):
        return form
    schema = schema_of(form)
    properties = {}
    for name, node in schema.get("properties", {}).items():
        node = _without_null(node)
        if "enum" in node:
            node = {"type": "string", **node}
        if node.get("type") not in _PRIMITIVES and not _is_choice_list(node):
            raise PluginError(f"{form.__name__}.{name} cannot be asked in a form: {node.get('type', 'it')} is not flat")
        properties[name] = node
    return {"type": "object", "properties": properties, "required": schema.get("required", [])}


def read_form(form: type | Schema, content: Any) -> Any:
    """What the person filled in, typed when the form is a type. Raises ToolError when it does not fit."""
    if isinstance(form, dict):
        return content or {}
    try:
        return msgspec.convert(content or {}, form, dec_hook=decode_hook)
    except msgspec.ValidationError as error:
        raise ToolError(f"The answer does not fit the question: {error}.", hint="Ask again.") from None


def _without_null(node: Schema) -> Schema:
    options = [option for option in node.get("anyOf", ()) if option.get("type") != "null"]
    if len(options) == 1:
        rest = {key: value for key, value in node.items() if key not in ("anyOf", "default")}
        return {**options[0], **rest}
    return node


def _is_choice_list(node: Schema) -> bool:
    items = node.get("items", {})
    return node.get("type") == "array" and ("enum" in items or "anyOf" in items)
