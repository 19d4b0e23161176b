"""Tools that wait at a gate until a test opens it."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict

from mcp_agent import Text, ToolResult, tool
from tests.plugins.kinds.samples import Weather, endless

gates: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
"""What ``hold`` waits for; a test gets fresh ones with ``gates.clear()``."""
running: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
"""Set once the tool that waits at a gate has begun."""
stopped: list[str] = []
"""Gates whose tool was cancelled."""


async def wait_at(gate: str) -> None:
    running[gate].set()
    try:
        await gates[gate].wait()
    except asyncio.CancelledError:
        stopped.append(gate)
        raise


@tool(effect="read")
async def hold(gate: str) -> str:
    """Wait until the gate is opened."""
    await wait_at(gate)
    return f"through {gate}"


@tool(effect="read")
async def nap(seconds: float) -> str:
    """Take so long."""
    await asyncio.sleep(seconds)
    return "rested"


@tool(effect="read")
async def release(gate: str) -> str:
    """Open a gate."""
    gates[gate].set()
    return "open"


@tool(effect="read")
def block(gate: str) -> str:
    """Wait in a thread, for ever."""
    threading.Event().wait()
    return gate


@tool(effect="read")
async def hold_structured(gate: str) -> Weather:
    """Wait, then give structured content."""
    await wait_at(gate)
    return Weather(gate, 1)


@tool(effect="read")
async def hold_unspeakable(gate: str) -> ToolResult:
    """Wait, then give what cannot be encoded."""
    await wait_at(gate)
    return ToolResult(content=(Text(text="x"),), meta=endless())


TOOLS = [hold, nap, release, block, hold_structured, hold_unspeakable]
