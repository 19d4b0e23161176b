"""A handle among the arguments stands for the result it names: large data goes from tool to tool past the model."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import msgspec

from mcp_agent.jsonio import encode
from mcp_agent.model import Json, ToolResult
from mcp_agent.pipeline import Handler, Stage
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.taint import Taint, strings
from mcp_agent.store.results import HANDLE, Results

READERS = "results"
"""The plugin whose tools take handles as what they are."""
_MARK = HANDLE.encode()


def handles(results: Results, taint: Taint) -> Stage:
    """Inside the audit, which writes down the handle; outside of all that looks at arguments, which see the data.

    Raises ToolError for a handle that stands for nothing.
    """

    def stage(call: Call, inner: Handler) -> Awaitable[ToolResult]:
        if call.raw.find(_MARK) < 0 or call.tool.plugin == READERS:
            return inner(call)
        return replaced(call, inner)

    async def replaced(call: Call, inner: Handler) -> ToolResult:
        try:
            arguments = msgspec.json.decode(call.raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # validation says what is wrong
            return await inner(call)
        call.raw = encode(await filled(call, arguments))
        return await inner(call)

    async def filled(call: Call, value: Any) -> Json:
        if isinstance(value, str) and value.startswith(HANDLE):
            kept, data = await results.get(value, call.caller.principal)
            if kept.origin is not None:
                taint.mark(call.caller.session, *strings(data))
            return data
        if isinstance(value, dict):
            return {key: await filled(call, item) for key, item in value.items()}
        if isinstance(value, list):
            return [await filled(call, item) for item in value]
        return value

    return stage
