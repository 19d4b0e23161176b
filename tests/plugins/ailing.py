"""A plugin that starts, and then is not well."""

from __future__ import annotations

from mcp_agent import Context, ToolError, hookimpl, tool


@tool(effect="read")
async def ailing_ping() -> str:
    """Answer, which is all it can do."""
    return "pong"


@hookimpl
def mcp_agent_tools() -> list[object]:
    return [ailing_ping]


@hookimpl
async def mcp_agent_health(ctx: Context) -> str:
    raise ToolError("Nobody answers at 127.0.0.1:9.", hint="Start it.")
