"""Sprout: a list of things to do, kept for as long as the agent runs. Make it yours."""

from collections.abc import Callable
from typing import Annotated

from mcp_agent import Context, Field, ToolError, Undo, hookimpl, tool


@tool(effect="read")
async def sprout_list_items(
    ctx: Context, limit: Annotated[int, Field("How many at most.", ge=1, le=100)] = 20
) -> list[str]:
    """The things on the list, newest first."""
    return list(reversed(ctx.state))[:limit]


async def sprout_items(ctx: Context, arguments: object, result: object) -> list[str]:
    """The state that an addition touches: before it, after it, and when it is to be undone."""
    return list(ctx.state)


async def sprout_restore_items(ctx: Context, arguments: object, result: object, snapshot: list[str]) -> None:
    """Makes the state what it was at a snapshot."""
    ctx.state[:] = snapshot


@tool(effect="write", undo=Undo(sprout_items, sprout_restore_items))
async def sprout_add_item(ctx: Context, text: Annotated[str, Field("What to add.", pattern=r"\S")]) -> str:
    """Put something on the list. When it is there already, the person is asked whether it is meant twice."""
    if text in ctx.state:
        if not ctx.supports("elicitation"):
            raise ToolError(f"{text!r} is on the list already.", hint="Add it under another name.")
        if not (await ctx.elicit(f"{text!r} is on the list already. Add it again?")).accepted:
            return f"The list stays as it is: {len(ctx.state)} things."
    ctx.state.append(text)
    return f"Added. The list has {len(ctx.state)} things."


@hookimpl
def mcp_agent_tools() -> list[Callable[..., object]]:
    return [sprout_list_items, sprout_add_item]


@hookimpl
async def mcp_agent_startup(ctx: Context) -> None:
    ctx.state = []
