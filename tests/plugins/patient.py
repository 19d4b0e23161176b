"""A plugin whose tool waits until a test lets it go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from mcp_agent import Context, PluginInfo, hookimpl, tool


class Gate:
    """What a test and the tool tell each other. ``fresh`` before each test."""

    started: asyncio.Event
    released: asyncio.Event
    cancelled: asyncio.Event
    finished: asyncio.Event

    def fresh(self) -> None:
        self.started, self.released, self.cancelled, self.finished = (asyncio.Event() for _ in range(4))


gate = Gate()


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(prefix="")


@tool(effect="read")
async def wait(ctx: Context, ask: bool = False, report: bool = False) -> str:
    """Wait; report progress before, and ask for a word after, where that is wanted."""
    if report:
        ctx.progress(1, 2, "Waiting")
    gate.started.set()
    try:
        await gate.released.wait()
        word = "Waited."
        if ask:
            question = {"type": "object", "properties": {"word": {"type": "string"}}}
            word = (await ctx.elicit("Say a word", question)).content["word"]
    except asyncio.CancelledError:
        gate.cancelled.set()
        raise
    gate.finished.set()
    return word


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return [wait]
