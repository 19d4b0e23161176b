"""What a tool gave, for a person or for a program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from mcp_agent.model import Audio, Content, Embedded, Image, ResourceContents, ResourceLink, Text, ToolResult


def as_text(result: ToolResult) -> str:
    """The texts, what is structured as indented JSON, and a line about everything else."""
    if isinstance(result.structured, msgspec.UnsetType):
        return "\n".join(line for block in result.content for line in _lines(block))
    rest = [line for block in result.content if not isinstance(block, Text) for line in _lines(block)]
    data = result.data
    if isinstance(data, dict) and list(data) == ["result"]:  # a list or a number, wrapped because MCP wants an object
        data = data["result"]
    text = data if isinstance(data, str) else msgspec.json.format(msgspec.json.encode(data), indent=2).decode()
    return "\n".join([text, *rest])


def as_json(result: ToolResult) -> dict[str, Any]:
    """As MCP writes it."""
    shape: dict[str, Any] = {"content": msgspec.to_builtins(result.content)}
    if not isinstance(result.structured, msgspec.UnsetType):
        shape["structuredContent"] = result.data
    return {**shape, "isError": result.is_error, **({"_meta": result.meta} if result.meta else {})}


def _lines(block: Content) -> Iterator[str]:
    match block:
        case Text():
            yield block.text
        case Image() | Audio():
            yield f"[{type(block).__name__.lower()}, {block.mime_type}, {len(block.data):,} bytes; --json has them]"
        case ResourceLink():
            yield f"[resource {block.uri}: {block.title or block.name}]"
        case Embedded():
            yield _embedded(block.resource)


def _embedded(resource: ResourceContents) -> str:
    if resource.text is not None:
        return resource.text
    return f"[{resource.uri}, {resource.mime_type or 'data'}, {len(resource.blob or b''):,} bytes; --json has them]"
