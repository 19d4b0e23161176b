"""Marks what came from outside, shows what hides in it, and remembers it for the flow rule."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import structs

from mcp_agent.errors import BUGS, AgentError, InternalFailure, ToolError
from mcp_agent.model import ORIGIN, Embedded, ResourceContents, ResourceLink, Text, Tool, ToolResult
from mcp_agent.model import Content as Block
from mcp_agent.pipeline import Handler
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.taint import Taint, show_hidden, strings


def from_outside(tool: Tool) -> bool:
    """Whether somebody else wrote what it gives."""
    return tool.origin is not None


class Outside:
    """A stage for tools that declare an ``origin``."""

    def __init__(self, report_bug: Callable[[str], str]) -> None:
        self.taint = Taint()
        self._report_bug = report_bug

    def __call__(self, call: Call, inner: Handler) -> Awaitable[ToolResult]:
        origin = call.tool.origin
        if origin is None:
            return inner(call)
        return self._marked(call, inner, origin) if isinstance(origin, str) else self._found_out(call, inner, origin)

    async def _found_out(self, call: Call, inner: Handler, origin: Callable[[Any, Any], Any]) -> ToolResult:
        try:
            said = origin(call.context, call.arguments)
            found = await said if inspect.isawaitable(said) else said
        except AgentError:
            raise
        except BUGS as error:
            what = f"The origin of {call.tool.name}"
            raise InternalFailure(what, self._report_bug(what), error) from None
        return await (inner(call) if found is None else self._marked(call, inner, found))

    async def _marked(self, call: Call, inner: Handler, origin: str) -> ToolResult:
        session = call.caller.session
        try:
            result = await inner(call)
        except ToolError as error:  # what the other side answered may be quoted in it
            error.args = tuple(show_hidden(part) if isinstance(part, str) else part for part in error.args)
            self.taint.mark(session, str(error))
            raise
        content = tuple(_visible(block) for block in result.content)
        self.taint.mark(session, *map(_text, content))
        structured = result.structured
        if result.data is not None:
            structured = _visible_data(result.data)
            # in the text block, if it is there at all, quotes and line breaks differ
            self.taint.mark(session, *strings(structured))
        meta = {**(result.meta or {}), ORIGIN: {"origin": origin, "trust": "untrusted"}}
        return structs.replace(result, content=content, structured=structured, meta=meta)


def _text(block: Block) -> str:
    if isinstance(block, Text):
        return block.text
    if isinstance(block, ResourceLink):
        return "\n".join((block.uri, block.name, block.title or "", block.description or ""))
    return (block.resource.text or "") if isinstance(block, Embedded) else ""


def _visible(block: Block) -> Block:
    if isinstance(block, Text):
        return structs.replace(block, text=show_hidden(block.text))
    if isinstance(block, Embedded) and block.resource.text is not None:
        shown: ResourceContents = structs.replace(block.resource, text=show_hidden(block.resource.text))
        return structs.replace(block, resource=shown)
    if isinstance(block, ResourceLink):
        title, description = (text and show_hidden(text) for text in (block.title, block.description))
        return structs.replace(block, name=show_hidden(block.name), title=title, description=description)
    return block


def _visible_data(value: object) -> object:
    if isinstance(value, str):
        return show_hidden(value)
    if isinstance(value, dict):
        return {show_hidden(key): _visible_data(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_visible_data(item) for item in value]
    return value
