"""Can a tool keep what it promises about speed and failure? Asked when a plugin is loaded, not when it matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from mcp_agent.errors import PluginError
from mcp_agent.model import Effect, Static, TaskMode, Tool, Undo

_WORDS = {"effect": get_args(Effect), "task": get_args(TaskMode)}


def check(tools: Sequence[Tool]) -> None:
    """All tools of one plugin. Raises PluginError, naming the tool."""
    by_name = {tool.name: tool for tool in tools}
    for tool in tools:
        for option, allowed in _WORDS.items():
            if getattr(tool, option) not in allowed:
                words = ", ".join(allowed)
                raise PluginError(f"{tool.name}: {option} is {getattr(tool, option)!r}, but must be one of {words}")
        if tool.undo not in (None, "impossible") and not isinstance(tool.undo, Undo):
            raise PluginError(f'{tool.name}: undo must be Undo(snapshot, restore), or "impossible"')
        for option in ("rate", "cache", "timeout"):
            value = getattr(tool, option)
            if value is not None and not value > 0:
                raise PluginError(f"{tool.name}: {option} must be more than 0, or left out")
        for option in ("cache", "fallback"):
            if getattr(tool, option) is not None and not tool.only_reads:
                instead = f"this one is {tool.effect}" if tool.effect != "read" else "this one runs others"
                raise PluginError(f"{tool.name}: only a tool that reads can have {option}; {instead}")
        if isinstance(tool.fallback, Static):
            _check_ready(tool, tool.fallback)
        if isinstance(tool.fallback, str) and tool.fallback != "stale":
            _check_stand_in(tool, by_name.get(tool.fallback))


def _check_ready(tool: Tool, answer: Static) -> None:
    try:
        tool.render(answer.value)
    except TypeError as error:
        raise PluginError(f"{tool.name}: its fallback is not what it promises. {error}") from None


def _check_stand_in(tool: Tool, other: Tool | None) -> None:
    """The other tool must take the very same call, give what clients expect of the first, and end the search."""
    if other is None:
        raise PluginError(f"{tool.name}: its fallback {tool.fallback} is no tool of this plugin")
    if not other.only_reads:
        raise PluginError(f"{tool.name}: its fallback {other.name} changes things; it must be a tool that reads")
    if isinstance(other.fallback, str) and other.fallback != "stale":
        raise PluginError(f"{tool.name}: its fallback {other.name} must not fall back on a third tool")
    taken = other.input_schema.get("properties", {})
    missing = sorted(set(tool.input_schema.get("properties", {})) - set(taken))
    needed = sorted(set(other.input_schema.get("required", ())) - set(tool.input_schema.get("required", ())))
    if missing or needed:
        names = ", ".join([*missing, *needed])
        raise PluginError(f"{tool.name}: its fallback {other.name} must take the same arguments; it differs in {names}")
    if tool.output_schema is not None and tool.output_schema != other.output_schema:
        raise PluginError(f"{tool.name}: its fallback {other.name} must return the same type")
