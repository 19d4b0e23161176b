"""Lists that change at run time: one more tool, one more prompt, and a resource that tells that it changed.

No plugin can do this to itself. A test can, as what it sees as ``ctx.agent`` is the Host: the plugin is switched off
and on again, and declares something else the second time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mcp_agent import Context, Host, ToolError, prompt, tool
from tests.plugins.everything.resources import WATCHED

_shown: set[str] = set()


async def _toggle(ctx: Context, name: str) -> str:
    host = ctx.agent
    if not isinstance(host, Host):
        raise ToolError("Lists can only be changed inside a real host.")
    _shown.symmetric_difference_update({name})
    await host.disable_plugin(ctx.plugin)
    host.enable_plugin(ctx.plugin)
    return f"{name} is {'there' if name in _shown else 'gone'} now."


@tool(effect="write")
async def test_trigger_tool_change(ctx: Context) -> str:
    """Change the list of tools."""
    return await _toggle(ctx, "tool")


@tool(effect="write")
async def test_trigger_prompt_change(ctx: Context) -> str:
    """Change the list of prompts."""
    return await _toggle(ctx, "prompt")


@tool(effect="write")
async def test_trigger_resource_update(ctx: Context) -> str:
    """Change the watched resource."""
    ctx.resource_updated(WATCHED)
    return "Changed."


@tool(effect="read")
async def test_sometimes_here() -> str:
    """Be there at times."""
    return "Here."


@prompt()
async def test_sometimes_prompt() -> str:
    """Be there at times."""
    return "Here."


def tools() -> list[Callable[..., Any]]:
    extra = [test_sometimes_here] if "tool" in _shown else []
    return [test_trigger_tool_change, test_trigger_prompt_change, test_trigger_resource_update, *extra]


def prompts() -> list[Callable[..., Any]]:
    return [test_sometimes_prompt] if "prompt" in _shown else []
