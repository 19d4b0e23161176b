"""Tools whose point is what they give back."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from mcp_agent import Audio, Embedded, Field, Image, ResourceContents, Text, Tool, ToolError, ToolResult, tool
from tests.plugins.everything.samples import PNG, WAV


@tool(effect="read")
async def echo(text: str) -> str:
    """Give the text back."""
    return text


@tool(effect="read")
async def ratio(part: float, whole: float) -> float:
    """Divide as measuring instruments do: by nothing is infinite."""
    return part / whole if whole else float("inf")


@tool(effect="read")
async def test_simple_text() -> str:
    """Give a plain text."""
    return "This is a simple text response for testing."


@tool(effect="read")
async def test_image_content() -> Image:
    """Give a picture."""
    return Image(data=PNG, mime_type="image/png")


@tool(effect="read")
async def test_audio_content() -> Audio:
    """Give a sound."""
    return Audio(data=WAV, mime_type="audio/wav")


@tool(effect="read")
async def test_embedded_resource() -> Embedded:
    """Give a resource, whole."""
    text = "This is an embedded resource content."
    return Embedded(resource=ResourceContents(uri="test://embedded-resource", mime_type="text/plain", text=text))


@tool(effect="read")
async def test_multiple_content_types() -> list[Text | Image | Embedded]:
    """Give a text, a picture and a resource."""
    found = ResourceContents(
        uri="test://mixed-content-resource", mime_type="application/json", text='{"test":"data","value":123}'
    )
    return [
        Text(text="Multiple content types test:"),
        Image(data=PNG, mime_type="image/png"),
        Embedded(resource=found),
    ]


@tool(effect="read")
async def test_error_handling() -> str:
    """Fail."""
    raise ToolError("This tool intentionally returns an error for testing")


@tool(effect="read", name="test_x_mcp_header")
async def mirrored_arguments(
    region: Annotated[str, Field("Mirrored into a header.", header="Region")],
    count: Annotated[int, Field("Mirrored too.", header="Count")] = 0,
    dry_run: Annotated[bool, Field("And this.", header="Dry-Run")] = False,
) -> str:
    """Take arguments that HTTP headers repeat."""
    return f"{region} {count} {dry_run}"


_RICH_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }
    },
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}


async def _given(ctx: Any, arguments: Any) -> Any:
    return arguments


json_schema_2020_12_tool = Tool(
    name="json_schema_2020_12_tool",
    plugin="everything",
    description="Give the arguments back. Its schema was written by hand.",
    input_schema=_RICH_SCHEMA,
    parse=msgspec.json.decode,
    invoke=_given,
    render=lambda value: ToolResult(content=(Text(text=msgspec.json.encode(value).decode()),)),
)

TOOLS = [
    echo,
    ratio,
    test_simple_text,
    test_image_content,
    test_audio_content,
    test_embedded_resource,
    test_multiple_content_types,
    test_error_handling,
    mirrored_arguments,
    json_schema_2020_12_tool,
]
