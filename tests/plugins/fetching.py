"""A plugin that asks the network."""

from __future__ import annotations

from mcp_agent import Context, hookimpl, read_body, tool


@tool(effect="read", open_world=True)
async def fetching_get(ctx: Context, url: str, at_most: int = 1000) -> str:
    """The text behind a URL."""
    async with ctx.http.get(url) as response:
        return (await read_body(response, at_most=at_most)).decode()


@hookimpl
def mcp_agent_tools():  # type: ignore[no-untyped-def]
    return [fetching_get]
