"""Progress, logs, and news of resources."""

from __future__ import annotations

import asyncio
from pathlib import Path

from mcp_agent import Context, tool


@tool(effect="read")
async def progress(ctx: Context, steps: list[float], total: float | None = None) -> str:
    """Report these values."""
    for step in steps:
        ctx.progress(step, total, f"at {step:g}")
    return "done"


@tool(effect="read")
async def progress_nowhere(ctx: Context) -> str:
    """Report values that are no numbers."""
    for step in (1.0, float("nan"), float("inf"), 2.0):
        ctx.progress(step, float("inf"))
    return "done"


@tool(effect="read")
def progress_in_thread(ctx: Context) -> str:
    """Report from a thread."""
    ctx.progress(1, 2)
    ctx.log("warning", "from a thread")
    return "done"


@tool(effect="read")
async def talk(ctx: Context) -> str:
    """Log once at every level."""
    for level in ("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"):
        ctx.log(level, {"said at": level})  # type: ignore[arg-type]
    return "done"


@tool(effect="read")
async def touch(ctx: Context, uri: str) -> str:
    """Say that a resource has changed."""
    ctx.resource_updated(uri)
    return "done"


@tool(effect="read")
async def storm(ctx: Context, uris: list[str], times: int, sign: Path) -> str:
    """Say again and again that resources have changed, letting others have their turn; leave a sign at the end."""
    for turn in range(times):
        for uri in uris:
            ctx.resource_updated(uri)
        if turn % 100 == 0:
            await asyncio.sleep(0)
    sign.touch()  # noqa: ASYNC240  one file, for a test
    return "done"


TOOLS = [progress, progress_nowhere, progress_in_thread, talk, touch, storm]
