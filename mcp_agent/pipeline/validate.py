"""Typed arguments or a helpful error, before anything happens."""

from __future__ import annotations

from collections.abc import Awaitable

from mcp_agent.model import ToolResult
from mcp_agent.pipeline import Handler
from mcp_agent.pipeline.call import Call


def validate(call: Call, inner: Handler) -> Awaitable[ToolResult]:
    """Raises InvalidArguments."""
    call.arguments = call.tool.parse(call.raw)
    return inner(call)
