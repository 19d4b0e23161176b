"""A plugin with one of everything: what the official conformance suite asks for, by the names it asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mcp_agent import PluginInfo, Tool, hookimpl
from tests.plugins.everything import asking, content, lists, messages, prompts, resources, rounds, tasks


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(title="Everything", prefix="")


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any] | Tool]:
    return [
        *content.TOOLS,
        *messages.TOOLS,
        *asking.TOOLS,
        *rounds.TOOLS,
        *tasks.TOOLS,
        *lists.tools(),
    ]


@hookimpl
def mcp_agent_resources() -> Sequence[Callable[..., Any]]:
    return resources.RESOURCES


@hookimpl
def mcp_agent_prompts() -> Sequence[Callable[..., Any]]:
    return [*prompts.PROMPTS, *lists.prompts()]
