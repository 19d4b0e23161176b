"""Resources and prompts on their way through the onion: each is a tool that reads, under a name of its own.

``resource:URI`` and ``prompt:NAME`` are what the policy and the audit know them by.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from mcp_agent.errors import ResourceNotFound
from mcp_agent.model import (
    Embedded,
    Message,
    Prompt,
    PromptResult,
    Resource,
    ResourceContents,
    ResourceResult,
    Text,
    Tool,
    ToolResult,
)

_KEPT = 4096
_ROLES, _DESCRIPTION = "roles", "description"


class _Which(Struct, frozen=True):
    uri: str


_parse_which = msgspec.json.Decoder(_Which).decode
_parse_given = msgspec.json.Decoder(dict[str, str]).decode


@functools.lru_cache(_KEPT)
def reader_of(resource: Resource) -> Tool:
    """Takes ``{"uri": ...}`` and gives a block for each of the contents. Raises ResourceNotFound for none."""

    async def invoke(ctx: Any, which: _Which) -> Sequence[ResourceContents]:
        contents = await resource.read(ctx, which.uri, resource.match(which.uri) or {})
        if not contents:
            raise ResourceNotFound(which.uri)
        return contents

    return Tool(
        name=f"resource:{resource.uri}", plugin=resource.plugin, description=f"Read {resource.uri}.",
        input_schema={"type": "object"}, parse=_parse_which, invoke=invoke, render=_as_blocks, origin=resource.origin,
    )  # fmt: skip


def resource_result(result: ToolResult, uri: str) -> ResourceResult:
    """What the reader of a resource gave. A block that had to be taken out as a whole leaves its text."""
    contents = (
        block.resource if isinstance(block, Embedded) else ResourceContents(uri=uri, text=_text(block))
        for block in result.content
    )
    return ResourceResult(contents=tuple(contents), meta=result.meta)


@functools.lru_cache(_KEPT)
def opener_of(prompt: Prompt) -> Tool:
    """Takes the arguments of the prompt and gives a block for each of its messages."""

    async def invoke(ctx: Any, given: Mapping[str, str]) -> PromptResult:
        return await prompt.get(ctx, given)

    return Tool(
        name=f"prompt:{prompt.name}", plugin=prompt.plugin, description=f"Use the prompt {prompt.name}.",
        input_schema={"type": "object"}, parse=_parse_given, invoke=invoke, render=_as_turns,
    )  # fmt: skip


def prompt_result(result: ToolResult) -> PromptResult:
    """What the opener of a prompt gave."""
    meta = result.meta or {}
    turns = zip(meta[_ROLES], result.content, strict=True)
    return PromptResult(
        messages=tuple(Message(role=role, content=block) for role, block in turns), description=meta[_DESCRIPTION]
    )


def _as_blocks(contents: Sequence[ResourceContents]) -> ToolResult:
    return ToolResult(content=tuple(Embedded(resource=one) for one in contents))


def _as_turns(result: PromptResult) -> ToolResult:
    meta = {_ROLES: [message.role for message in result.messages], _DESCRIPTION: result.description}
    return ToolResult(content=tuple(message.content for message in result.messages), meta=meta)


def _text(block: object) -> str:
    return block.text if isinstance(block, Text) else ""
