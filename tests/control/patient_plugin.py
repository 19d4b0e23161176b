"""A plugin whose calls take long, ask, and fail."""

from __future__ import annotations

import asyncio
from typing import Any

from mcp_agent import Context, PluginInfo, UpstreamError, hookimpl, tool


@tool(effect="read")
async def patient_wait(ctx: Context) -> str:
    """Wait for ever, a third of the way."""
    ctx.progress(1, 3, "one of three")
    await asyncio.Event().wait()
    return "never"


@tool(effect="destructive")
async def patient_destroy(ctx: Context) -> str:
    """Cannot be taken back."""
    return "destroyed"


@tool(effect="read")
async def patient_ask(ctx: Context) -> str:
    """Asks the person something."""
    return str((await ctx.elicit("Which?", {"type": "object", "properties": {"a": {"type": "string"}}})).action)


@tool(effect="read")
async def patient_fail(ctx: Context) -> str:
    """Fails because of somebody else."""
    raise UpstreamError("The ward does not answer.", host="ward.example")


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(title="Patient", prefix="patient")


@hookimpl
def mcp_agent_tools() -> Any:
    return [patient_wait, patient_destroy, patient_ask, patient_fail]


@hookimpl
async def mcp_agent_health(ctx: Context) -> str:
    return "2 patients."
