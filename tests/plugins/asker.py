"""A plugin that asks, and works on after that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from mcp_agent import Context, ToolError, hookimpl, tool

at_work = 0


@tool(effect="read")
async def asker_ask(ctx: Context, then: str = "") -> str:
    """Ask; ``then`` go on for ever, or fail."""
    global at_work
    answer = await ctx.elicit("Well?")
    at_work += 1
    try:
        if then == "hang":
            await asyncio.Event().wait()
        if then == "fail":
            raise ToolError("It went wrong.")
    finally:
        at_work -= 1
    return answer.action


@tool(effect="read")
async def asker_look(ctx: Context) -> str:
    """Look."""
    return "seen"


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return [asker_ask, asker_look]
