"""A plugin that offers one of every kind, for tests of the protocol. What waits does so until a test lets it go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mcp_agent import PluginInfo, hookimpl
from tests.plugins.kinds import asking, jobs, prompts, resources, results, telling, waiting

TOOLS = [*results.TOOLS, *telling.TOOLS, *waiting.TOOLS, *jobs.TOOLS, *asking.TOOLS]


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(prefix="")


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return TOOLS


@hookimpl
def mcp_agent_resources() -> Sequence[Callable[..., Any]]:
    return resources.RESOURCES


@hookimpl
def mcp_agent_prompts() -> Sequence[Callable[..., Any]]:
    return prompts.PROMPTS
