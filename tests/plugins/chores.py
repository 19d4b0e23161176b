"""A plugin with tools that are easy to tell apart, and one that is only found by its examples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from mcp_agent import Context, Field, hookimpl, tool


@tool(effect="read")
async def chores_list_chores(room: Annotated[str, Field("The room, in words.")] = "") -> list[str]:
    """What is still to be done in the house, by room."""
    return ["dishes", room]


@tool(effect="write", undo="impossible")
async def chores_set_done(
    ctx: Context,
    name: Annotated[str, Field("The chore.")],
    by: Literal["anna", "ben"] = "anna",
    minutes: list[int] | None = None,
) -> str:
    """Note that a chore has been finished.

    Not for planning: chores_list_chores shows what is open.
    """
    return f"{name} done by {by}, as {ctx.principal} says"


@tool(effect="read", examples=["whose turn is it to take out the rubbish", "who has to cook tonight"])
async def chores_show_roster() -> str:
    """The weekly plan."""
    return "Anna."


@tool(effect="read")
async def chores_broken() -> str:
    """Report what needs repair, such as a dripping tap."""
    return "The tap."


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return [chores_list_chores, chores_set_done, chores_show_roster, chores_broken]
