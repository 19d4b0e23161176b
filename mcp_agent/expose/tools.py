"""The tools that find and call all others, for clients that would pay too much for the whole listing."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, PluginInfo, Tool, ToolError, hookimpl, tool
from mcp_agent.expose.exposure import FRONT
from mcp_agent.expose.ranking import Ranker
from mcp_agent.expose.words import description, hit_list

_BUDGET = 560
"""Tokens of a hit list, one sentence about it aside."""
_HITS = 8


class _Index(Struct):
    """Made again when what is on offer changes."""

    generation: int
    ranker: Ranker


def _ranker(ctx: Context) -> Ranker:
    index: _Index | None = ctx.state
    if index is None or index.generation != ctx.agent.generation:
        generation = ctx.agent.generation
        found = [tool for tool in ctx.agent.tools() if tool.plugin != FRONT]
        index = ctx.state = _Index(generation, Ranker(found))
    return index.ranker


@tool(effect="read")
def find_tools(
    ctx: Context,
    query: Annotated[str, Field("What you want to do, in plain words, or a tool's name.", max_length=500)],
) -> str:
    """Find tools for a task, best first, with their arguments; then run one with call_tool. There are tools for this
    person's home, games, maps, files, memory, research, containers, databases and more: look here first."""
    hits = _ranker(ctx).find(query, _HITS, ctx.agent.used())
    if not hits:
        return "No tool fits these words. Say it in other words: what should happen, and to what."
    return hit_list([hit.tool for hit in hits], _BUDGET)


@tool(effect="read")
def describe_tools(
    ctx: Context, names: Annotated[list[str], Field("Names of tools.", min_length=1, max_length=10)]
) -> list[dict[str, Any]]:
    """The whole description and argument schema of tools, where the words of find_tools do not say enough."""
    return [description(_known(ctx, name)) for name in names]


@tool(effect="destructive", open_world=True)
async def call_tool(
    name: Annotated[str, Field("The tool, as find_tools gave it.")],
    arguments: Annotated[dict[str, Any], Field("Its arguments.")] = {},  # noqa: B006
) -> Any:
    """Run a tool that find_tools found. It is the same as calling that tool: its own permission and limits count."""
    raise ToolError(f"{name} cannot be called from within a tool.")  # the host runs what is named, in place of this


def _known(ctx: Context, name: str) -> Tool:
    tools = {one.name: one for one in ctx.agent.tools()}
    if name not in tools:
        near = difflib.get_close_matches(name, tools, 3)
        hint = f"Did you mean {' or '.join(near)}?" if near else "find_tools gives the names."
        raise ToolError(f"There is no tool {name}.", hint=hint)
    return tools[name]


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(title="Tools", description="Finds tools in place of listing them all.", prefix="")


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return [find_tools, describe_tools, call_tool]
