"""Starting the dashboard, and taking a picture of it."""

from __future__ import annotations

import asyncio
import gc

from mcp_agent.control.desk import Desk
from mcp_agent.control.feed import Feed
from mcp_agent.tui.app import Dashboard

_PICTURE_SECONDS = 2.2
"""Before a picture is taken, so that there is a rate to see."""


async def show(desk: Desk, page: str) -> int:
    """Until the person leaves. Gives the exit code: 1 where a bug ended it, which Textual tells.

    Raises AgentError when what is on disk cannot be read.
    """
    async with desk:
        feed = Feed(desk)
        await feed.start()
        gc.freeze()  # what was imported is never garbage: looking through it again and again would hold up keys
        app = Dashboard(desk, feed, page=page)
        await app.run_async()
        return app.return_code or 0


async def picture(desk: Desk, page: str, size: tuple[int, int]) -> str:
    """The screen as SVG. Raises AgentError."""
    async with desk:
        feed = Feed(desk)
        await feed.start()
        app = Dashboard(desk, feed, page=page)
        async with app.run_test(size=size, notifications=True) as pilot:
            await asyncio.sleep(_PICTURE_SECONDS)
            await pilot.pause()
            return app.export_screenshot(title="mcp-agent tui")
