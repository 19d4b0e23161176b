"""Seeing what a dashboard shows: as text, and as a picture that is the same each time."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from mcp_agent.tui.app import Dashboard

SMALL, LARGE = (80, 24), (160, 50)
GOLDEN = Path(__file__).parent / "golden"
RENEW = "MCP_AGENT_RENEW_PICTURES"
PATIENCE = 20.0


def seen(app: Dashboard) -> str:
    """What stands on the screen, a line each; then what was notified, which may be wrapped there."""
    lines = [strip.text for strip in app.screen._compositor.render_strips()]
    return "\n".join([*lines, *(f"{one.title} {one.message}" for one in app._notifications)])


async def until_seen(pilot: Pilot[None], app: Dashboard, *words: str, gone: str = "") -> str:
    """Wait for words to appear, and for others to go."""
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                await pilot.pause()
                text = seen(app)
                if all(word in text for word in words) and not (gone and gone in text):
                    return text
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"{words} did not appear, or {gone!r} stayed, in:\n{seen(app)}") from None


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def same_picture(app: Dashboard, name: str, folder: Path = GOLDEN) -> None:
    """Hold the screen against its picture; with the variable RENEW set, make the picture anew."""
    svg = re.sub(r"terminal-\d+", "terminal", app.export_screenshot(title="mcp-agent tui"))
    file = folder / f"{name}.svg"
    if os.environ.get(RENEW):
        folder.mkdir(exist_ok=True)
        file.write_text(svg, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == svg, f"{name} looks different. If it should: {RENEW}=1, and look at it."
