"""A plugin whose every execution is counted: for tests of who may do what."""

from __future__ import annotations

from typing import Annotated

from mcp_agent import Field, PluginInfo, hookimpl, tool

executed: list[tuple[str, str]] = []
"""Every execution as (tool, door)."""

Door = Annotated[str, Field("Which door.")]


@tool(effect="read")
async def door_look(door: Door) -> str:
    """See whether a door is open."""
    executed.append(("door_look", door))
    return "closed"


@tool(effect="write")
async def door_paint(door: Door, colour: str = "white") -> str:
    """Paint a door."""
    executed.append(("door_paint", door))
    return colour


@tool(effect="destructive")
async def door_unlock(door: Door, minutes: int = 1) -> str:
    """Unlock a door."""
    executed.append(("door_unlock", door))
    return f"{minutes}"


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(prefix="door")


@hookimpl
def mcp_agent_tools() -> list[object]:
    return [door_look, door_paint, door_unlock]
