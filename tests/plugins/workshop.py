"""A plugin whose tools can be watched and held: for tests of the host."""

from __future__ import annotations

import asyncio
from typing import Annotated

from mcp_agent import Context, Field, PluginInfo, ToolError, hookimpl, resource, tool


@tool(effect="read")
async def shop_add(a: int, b: Annotated[int, Field("Second number", le=100)] = 1) -> int:
    """Add two numbers."""
    return a + b


@tool(effect="read")
async def shop_break() -> str:
    """Fail with a bug."""
    raise KeyError("/home/somebody/secret")


@tool(effect="read")
async def shop_refuse() -> str:
    """Fail in words."""
    raise ToolError("The drawer is locked.", hint="Find the key.")


@tool(effect="read", timeout=0.01)
async def shop_hang() -> str:
    """Never end, but for its timeout."""
    await asyncio.Event().wait()
    return "never"


@tool(effect="read")
async def shop_wait_cancelled() -> str:
    """Cancel itself, as a library may."""
    raise asyncio.CancelledError


@tool(effect="read")
def shop_thread(ctx: Context) -> str:
    """Say which thread runs it."""
    import threading

    ctx.log("info", "from a thread")
    return threading.current_thread().name


@resource("shop://shelf/{name}")
async def shop_shelf(name: str) -> str | None:
    """What lies on a shelf."""
    return None if name == "empty" else f"things on {name}"


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(prefix="shop")


@hookimpl
def mcp_agent_tools() -> list[object]:
    return [shop_add, shop_break, shop_refuse, shop_hang, shop_wait_cancelled, shop_thread]


@hookimpl
def mcp_agent_resources() -> list[object]:
    return [shop_shelf]
