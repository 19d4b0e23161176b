"""Tools that say something while they run."""

from __future__ import annotations

import asyncio

from mcp_agent import Context, tool

_A_MOMENT = 0.05


@tool(effect="read")
async def test_tool_with_logging(ctx: Context) -> str:
    """Log three times."""
    ctx.log("info", "Tool execution started")
    await asyncio.sleep(_A_MOMENT)
    ctx.log("info", "Tool processing data")
    await asyncio.sleep(_A_MOMENT)
    ctx.log("info", "Tool execution completed")
    return "Logged three times."


@tool(effect="read")
async def test_logging_tool(ctx: Context) -> str:
    """Log once."""
    ctx.log("info", "This is for those who asked for it.")
    return "Logged once."


@tool(effect="read")
async def test_tool_with_progress(ctx: Context) -> str:
    """Make progress in three steps."""
    ctx.progress(0, 100, "Begun")
    await asyncio.sleep(_A_MOMENT)
    ctx.progress(50, 100, "Half of it")
    await asyncio.sleep(_A_MOMENT)
    ctx.progress(100, 100, "Done")
    return "Made progress."


TOOLS = [test_tool_with_logging, test_logging_tool, test_tool_with_progress]
