"""A plugin whose writes can be seen from outside: each appends a line to a file. For tests of what is kept of calls."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated

from mcp_agent import Context, Field, PluginInfo, ToolError, hookimpl, tool

held = asyncio.Event()
"""Set when a call of ledger_hold has begun."""


def look() -> None:
    """What ledger_append does before it writes: a test may put something here."""


@tool(effect="read")
async def ledger_read(number: int = 0) -> int:
    """Read nothing much."""
    return number


@tool(effect="write")
async def ledger_append(file: str, number: int) -> int:
    """Append a number to a file, so that it is there whatever becomes of this process."""
    look()
    descriptor = os.open(Path(file), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, b"%d\n" % number)
    os.close(descriptor)
    return number


@tool(effect="destructive")
async def ledger_break() -> str:
    """Fail with a bug."""
    raise KeyError("a bug")


@tool(effect="write")
async def ledger_refuse() -> str:
    """Fail in words."""
    raise ToolError("The ledger is closed.")


@tool(effect="read")
async def ledger_whisper(words: Annotated[str, Field(private=True)]) -> str:
    """Fail with the words."""
    raise ToolError(f"The ledger cannot keep {words!r}.")


@tool(effect="read")
async def ledger_quote(words: str) -> str:
    """Fail with the words."""
    raise ToolError(f"The ledger cannot keep {words!r}.")


@tool(effect="read", timeout=0.01)
async def ledger_hang() -> str:
    """Never end, but for its timeout."""
    await asyncio.Event().wait()
    return "never"


@tool(effect="write")
async def ledger_hold() -> str:
    """Never end, but when it is cancelled."""
    held.set()
    await asyncio.Event().wait()
    return "never"


@tool(effect="read")
async def ledger_ask(ctx: Context) -> str:
    """Ask the person."""
    return str((await ctx.elicit("Which?", {"type": "object", "properties": {}})).action)


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(prefix="ledger")


@hookimpl
def mcp_agent_tools() -> list[object]:
    return [
        ledger_read, ledger_append, ledger_break, ledger_refuse, ledger_whisper, ledger_quote, ledger_hang,
        ledger_hold, ledger_ask,
    ]  # fmt: skip
