"""Taking back what was changed through the agent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, tool
from mcp_agent_system.examples import EXAMPLES


class UndoneLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``undoing`` is the number that brings the change back; without it things were as before already."""

    change: int
    tool: str
    at: datetime
    undoing: int | None = None


class UndoReport(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``stopped`` says why it went no further; without it everything asked for was undone."""

    undone: list[UndoneLine]
    stopped: str | None = None


@tool(
    effect="write",
    undo="impossible",
    origin="what was changed",  # where it cannot be taken back, the report says how things are now
    examples=EXAMPLES["system_undo"],
)
async def system_undo(
    ctx: Context,
    last: Annotated[int, Field("How many of the latest changes.", ge=1, le=100)] = 1,
    minutes: Annotated[float | None, Field("All changes of so many minutes instead.", gt=0)] = None,
    change: Annotated[int | None, Field("One change by its number instead.", ge=1)] = None,
) -> UndoReport:
    """Take back what was changed through this agent, newest first, whichever plugin did it.

    It stops where something was changed again since, and says so. Give the number 'undoing' as 'change' to bring a
    change back.
    """
    since = None if minutes is None else ctx.clock.time() - minutes * 60
    undone = await ctx.agent.undo(last=last, since=since, change=change)
    lines = [
        UndoneLine(change=one.id, tool=one.tool, at=datetime.fromtimestamp(one.at, UTC), undoing=undoing)
        for one, undoing in zip(undone.changes, undone.undoings, strict=True)
    ]
    return UndoReport(undone=lines, stopped=undone.stopped)
