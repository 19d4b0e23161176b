"""A plugin whose calls look like a household: what the dashboard is shown with."""

from __future__ import annotations

import asyncio
from typing import Any

from mcp_agent import Context, PluginInfo, ToolError, Undo, UpstreamError, hookimpl, tool

_lamps = {"kitchen": "off", "hall": "on"}


async def _lamp(ctx: Context, arguments: Any, result: Any) -> Any:
    return _lamps.get(arguments.room, "off")


async def _set_back(ctx: Context, arguments: Any, result: Any, snapshot: Any) -> None:
    _lamps[arguments.room] = snapshot


@tool(effect="read")
async def house_list_lamps(ctx: Context) -> dict[str, str]:
    """Every lamp, on or off."""
    return dict(_lamps)


@tool(effect="write", undo=Undo(_lamp, _set_back))
async def house_set_lamp(ctx: Context, room: str, state: str) -> str:
    """Switch a lamp."""
    if room not in _lamps:
        raise ToolError(f"There is no lamp in the {room}.", hint="house_list_lamps gives the rooms.")
    _lamps[room] = state
    return f"The lamp in the {room} is {state}."


@tool(effect="destructive")
async def house_unlock_door(ctx: Context, door: str) -> str:
    """Unlock a door for a minute."""
    return f"{door} is open for a minute."


@tool(effect="read")
async def house_scan_network(ctx: Context) -> str:
    """Look for devices; takes as long as it takes."""
    ctx.progress(3, 8, "192.0.2.0/24")
    await asyncio.Event().wait()
    return "never"


@tool(effect="read", open_world=True)
async def house_forecast(ctx: Context, city: str) -> str:
    """The weather, from a service that is down."""
    raise UpstreamError(f"No forecast for {city}: the service does not answer.", host="weather.example")


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(title="House", description="Lamps, doors, weather.", prefix="house")


@hookimpl
def mcp_agent_tools() -> Any:
    return [house_list_lamps, house_set_lamp, house_unlock_door, house_scan_network, house_forecast]


@hookimpl
async def mcp_agent_health(ctx: Context) -> str:
    return f"{len(_lamps)} lamps answer."
