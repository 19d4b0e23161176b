"""A plugin with one tool for every way there is to run a tool. For tests of what no call goes around."""

from __future__ import annotations

from typing import Any

from mcp_agent import Context, PluginInfo, Undo, hookimpl, tool
from mcp_agent.errors import UpstreamError

levels: dict[str, int] = {}
"""The world: what each lamp was set to."""


async def _level(ctx: Context, arguments: Any, result: Any) -> int | None:
    return levels.get(arguments.lamp)


async def _put_back(ctx: Context, arguments: Any, result: Any, before: int | None) -> None:
    if before is None:
        levels.pop(arguments.lamp, None)
    else:
        levels[arguments.lamp] = before


@tool(effect="read")
async def lamp_look(lamp: str = "desk") -> int:
    """How bright a lamp is."""
    return levels.get(lamp, 0)


@tool(effect="write", undo=Undo(_level, _put_back))
async def lamp_set(lamp: str = "desk", level: int = 50) -> int:
    """Set a lamp."""
    levels[lamp] = level
    return level


@tool(effect="read", fallback="lamp_look")
async def lamp_measure(lamp: str = "desk") -> int:
    """Measure with a sensor that is never there."""
    raise UpstreamError("the sensor does not answer", host="sensor.local", sent=True)


@tool(effect="read")
async def lamp_choose(ctx: Context) -> str:
    """Ask the person which lamp."""
    return (await ctx.elicit("Which lamp?", {"type": "object", "properties": {}})).action


@tool(effect="read", task="always")
async def lamp_survey() -> int:
    """Look at all lamps, as a task where the client takes one."""
    return len(levels)


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(prefix="lamp")


@hookimpl
def mcp_agent_tools() -> list[object]:
    return [lamp_look, lamp_set, lamp_measure, lamp_choose, lamp_survey]
