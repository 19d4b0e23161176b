"""The tools of a memory plugin that the dashboard relies on, with a list behind them."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from mcp_agent import Context, PluginInfo, ToolError, hookimpl, tool

_START = (
    "The spare key is under the blue flower pot.",
    "The boiler is serviced every October.",
    "Anna lives in Turku.",
)


class Fact(Struct):
    id: int
    text: str
    created: str = "2026-11-20T08:15:00Z"


class Page(Struct):
    facts: list[Fact]


@tool(effect="read")
async def memory_recall(ctx: Context, query: str, limit: int = 10) -> Page:
    """Find facts."""
    if not any(letter.isalpha() for letter in query):
        raise ToolError("There is no word in this question.")
    return Page([fact for fact in ctx.state if query.lower() in fact.text.lower()][:limit])


@tool(effect="read")
async def memory_recent(ctx: Context, limit: int = 10) -> Page:
    """The newest facts."""
    return Page(ctx.state[:limit])


@tool(effect="write", undo="impossible")
async def memory_update(ctx: Context, id: int, text: str) -> str:
    """A newer version."""
    for fact in ctx.state:
        if fact.id == id:
            fact.text = text
    return "done"


@tool(effect="destructive")
async def memory_forget(ctx: Context, ids: list[int]) -> str:
    """Forget facts."""
    ctx.state[:] = [fact for fact in ctx.state if fact.id not in ids]
    return "done"


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(title="Notebook", prefix="memory")


@hookimpl
async def mcp_agent_startup(ctx: Context) -> None:
    ctx.state = [Fact(number, text) for number, text in enumerate(_START, 1)]


@hookimpl
def mcp_agent_tools() -> Any:
    return [memory_recall, memory_recent, memory_update, memory_forget]
