"""A plugin that asks the network."""

from __future__ import annotations

import asyncio

from mcp_agent import Context, hookimpl, read_body, tool


@tool(effect="read", open_world=True)
async def fetching_get(ctx: Context, url: str, at_most: int = 1000) -> str:
    """The text behind a URL."""
    async with ctx.http.get(url) as response:
        return (await read_body(response, at_most=at_most)).decode()


@tool(effect="read", open_world=True)
async def fetching_strictly(ctx: Context, url: str) -> None:
    """Ask for a URL, as somebody writes it who never thinks of failure; two at once where it ends in 1."""

    async def ask() -> None:
        async with ctx.http.get(url, raise_for_status=True):
            pass

    async with asyncio.TaskGroup() as group:
        group.create_task(ask())
        if url.endswith("1"):
            group.create_task(ask())


@hookimpl
def mcp_agent_tools():  # type: ignore[no-untyped-def]
    return [fetching_get, fetching_strictly]
