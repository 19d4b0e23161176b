"""Resources and prompts on their way through the onion: each is a tool that reads, under a name of its own.

``resource:URI`` and ``prompt:NAME`` are what the policy and the audit know them by, and their completions too.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterable, Mapping, Sequence, Sized
from itertools import islice
from typing import Any

import msgspec
from msgspec import Struct, structs

from mcp_agent.errors import ResourceNotFound
from mcp_agent.model import (
    Completion,
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
_MOST_COMPLETIONS = 100
_LONGEST_COMPLETION = 1000
"""Characters. Nobody picks a longer one, and half of one would be wrong."""
_COMPLETION_SECONDS = 5.0
"""Whoever types has typed on by then."""


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

    origin = resource.origin
    return Tool(
        name=f"resource:{resource.uri}", plugin=resource.plugin, description=f"Read {resource.uri}.",
        input_schema={"type": "object"}, parse=_parse_which, invoke=invoke, render=_as_blocks,
        origin=(lambda ctx, which: origin(ctx, which.uri)) if callable(origin) else origin,
    )  # fmt: skip


def resource_result(result: ToolResult, uri: str, spelled: str) -> ResourceResult:
    """What the reader of a resource gave, under the URI that the client asked with. A block that had to be taken out as
    a whole leaves its text."""
    contents = (
        block.resource if isinstance(block, Embedded) else ResourceContents(uri=uri, text=_text(block))
        for block in result.content
    )
    return ResourceResult(
        contents=tuple(structs.replace(one, uri=uri) if one.uri == spelled else one for one in contents),
        meta=result.meta,
    )


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


@functools.lru_cache(_KEPT)
def completer_of(owner: Prompt | Resource, argument: str) -> Tool:
    """Takes the arguments so far, with what was typed of this one, and gives suggestions for it.

    It has the name of what it belongs to: who may not read that gets no suggestions either. Nobody is asked at every
    key, so where a rule asks, it is refused.
    """
    complete = owner.complete[argument]

    async def invoke(ctx: Any, given: Mapping[str, str]) -> Completion:
        others = {name: value for name, value in given.items() if name != argument}
        if inspect.iscoroutinefunction(complete):
            return _suggestions(await complete(ctx, given[argument], others))
        found: Completion = await ctx.in_thread(lambda: _suggestions(complete(ctx, given[argument], others)))
        return found

    name = opener_of(owner).name if isinstance(owner, Prompt) else reader_of(owner).name
    origin = owner.origin if isinstance(owner, Resource) else None
    if callable(origin):  # it speaks of one URI, and there is none yet
        origin = owner.plugin
    return Tool(
        name=name, plugin=owner.plugin, description=f"Complete {argument} of {name}.", input_schema={"type": "object"},
        parse=_parse_given, invoke=invoke, render=_as_suggestions, timeout=_COMPLETION_SECONDS, asks=False,
        origin=origin,
    )  # fmt: skip


def completion(result: ToolResult) -> Completion:
    """What a completer gave."""
    return msgspec.convert(result.data, Completion)


def _as_blocks(contents: Sequence[ResourceContents]) -> ToolResult:
    return ToolResult(content=tuple(Embedded(resource=one) for one in contents))


def _as_turns(result: PromptResult) -> ToolResult:
    meta = {_ROLES: [message.role for message in result.messages], _DESCRIPTION: result.description}
    return ToolResult(content=tuple(message.content for message in result.messages), meta=meta)


def _suggestions(found: Iterable[object]) -> Completion:
    """As many as a client may be given, of any iterable, be it endless."""
    values = tuple(islice(map(str, found), _MOST_COMPLETIONS + 1))
    return Completion(
        values=tuple(value for value in values[:_MOST_COMPLETIONS] if len(value) <= _LONGEST_COMPLETION),
        total=len(found) if isinstance(found, Sized) else None, has_more=len(values) > _MOST_COMPLETIONS,
    )  # fmt: skip


def _as_suggestions(found: Completion) -> ToolResult:
    return ToolResult(structured=msgspec.to_builtins(found))


def _text(block: object) -> str:
    return block.text if isinstance(block, Text) else ""
