"""A plugin that is nothing but trouble, in coroutines and in threads. For tests of what that does to another."""

from __future__ import annotations

import asyncio
import threading

from mcp_agent import Context, PluginInfo, hookimpl, tool

over = threading.Event()
"""Ends what hangs in a thread, which nothing else can."""
hoard: list[str] = []
"""What the leak keeps, until a test clears it."""
_LARGE = 20_000
_NOTES = 20


@tool(effect="read")
async def trouble_hang() -> str:
    """Never end."""
    await asyncio.Event().wait()
    return "never"


@tool(effect="read")
def trouble_hang_in_a_thread() -> str:
    """Keep a thread until the test is over."""
    over.wait()
    return "never"


@tool(effect="read")
async def trouble_raise() -> str:
    """Fail with a bug."""
    raise KeyError("a bug")


@tool(effect="read")
def trouble_raise_in_a_thread() -> str:
    """Fail with a bug."""
    raise KeyError("a bug")


@tool(effect="read")
async def trouble_leak() -> str:
    """Keep what it gives, which is large."""
    hoard.append("x" * (_LARGE + len(hoard)))
    return hoard[-1]


@tool(effect="read")
def trouble_leak_in_a_thread() -> str:
    """Keep what it gives, which is large."""
    hoard.append("x" * (_LARGE + len(hoard)))
    return hoard[-1]


@tool(effect="read")
async def trouble_flood(ctx: Context) -> str:
    """Say a great deal."""
    for number in range(_NOTES):
        ctx.log("info", f"note {number}")
    return "done"


@tool(effect="read")
def trouble_flood_in_a_thread(ctx: Context) -> str:
    """Say a great deal."""
    for number in range(_NOTES):
        ctx.log("info", f"note {number}")
    return "done"


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(prefix="trouble")


@hookimpl
def mcp_agent_tools() -> list[object]:
    return [
        trouble_hang, trouble_hang_in_a_thread, trouble_raise, trouble_raise_in_a_thread, trouble_leak,
        trouble_leak_in_a_thread, trouble_flood, trouble_flood_in_a_thread,
    ]  # fmt: skip
