"""Elicitation forms in the words of 2025-06-18, the first revision that had them."""

from __future__ import annotations

from typing import Any

from mcp_agent.errors import CannotAsk
from mcp_agent.model import Json

_KEYWORDS = {
    "string": ("minLength", "maxLength", "format", "enum", "enumNames"),
    "number": ("minimum", "maximum"),
    "integer": ("minimum", "maximum"),
    "boolean": ("default",),
}
_ALWAYS = ("type", "title", "description")


def simplified(schema: Json) -> dict[str, Any]:
    """A form without what came later: most defaults, titled choices, bounds that are fractions.

    Raises CannotAsk for a field that cannot be left out of it: a choice of several.
    """
    fields = {name: _field(name, node) for name, node in schema.get("properties", {}).items()}
    return {"type": "object", "properties": fields, "required": schema.get("required", [])}


def _field(name: str, node: Json) -> dict[str, Any]:
    keywords = _KEYWORDS.get(node.get("type", ""))
    if keywords is None:
        raise CannotAsk(f"The field {name} cannot be asked of this client: MCP 2025-06-18 has no choice of several.")
    field = {key: node[key] for key in (*_ALWAYS, *keywords) if key in node}
    if "oneOf" in node:
        field["enum"] = [option["const"] for option in node["oneOf"]]
        field["enumNames"] = [option["title"] for option in node["oneOf"]]
    for bound in ("minimum", "maximum"):
        if not isinstance(field.get(bound, 0), int):
            del field[bound]
    return field
