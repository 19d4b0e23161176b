"""Every screen looks as it did, small and large; the pictures are in ``golden``."""

from __future__ import annotations

import asyncio
import time
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from mcp_agent.tui import approvals
from mcp_agent.tui.app import PAGES, Dashboard
from tests.support.process import ROOT
from tests.tui.screens import GOLDEN, LARGE, SMALL, same_picture
from tests.tui.scripted import HOME, MEMORY, NOW, RUNNING, TOOLS, WAITING, ScriptedDesk, scripted_feed


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time stands still, in UTC."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    monkeypatch.setattr(approvals, "time", type("Still", (), {"time": staticmethod(lambda: NOW)}))


async def shown(page: str, size: tuple[int, int], name: str, *keys: str, folder: Path = GOLDEN) -> None:
    desk = ScriptedDesk()
    app = Dashboard(desk, scripted_feed(desk), page=page, live=False)
    async with app.run_test(size=size) as pilot:
        app.waiting(WAITING)
        await pilot.pause()
        await pilot.press(*keys)
        await app.workers.wait_for_complete()
        app.paint()
        await app.workers.wait_for_complete()
        await pilot.pause()
        same_picture(app, name, folder)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x50"])
@pytest.mark.parametrize("page", PAGES)
def test_each_screen(page: str, size: tuple[int, int]) -> None:
    keys = ("j", "k") if page in ("calls", "approvals", "logs") else ()  # the current row shows its details
    asyncio.run(shown(page, size, f"{page}-{size[0]}x{size[1]}", *keys))


def test_the_picture_in_the_documentation() -> None:
    asyncio.run(shown("now", (120, 32), "dashboard", folder=ROOT / "docs"))


def test_the_tools_in_the_pictures_are_tools_of_the_bundled_plugins() -> None:
    shown = {*TOOLS, *HOME, *MEMORY, *(one.tool for one in RUNNING), *(one.tool for one in WAITING)}
    plugins = [point.load() for point in entry_points(group="mcp_agent.plugins")]
    real = {tool.__name__ for plugin in plugins for tool in getattr(plugin, "mcp_agent_tools", list)()}
    assert shown <= real


def test_help_beside_a_widget() -> None:
    asyncio.run(shown("plugins", SMALL, "plugins-help-80x24", "question_mark"))


def test_a_question_before_something_is_done() -> None:
    asyncio.run(shown("approvals", SMALL, "approvals-question-80x24", "a"))


def test_a_picture_that_differs_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MCP_AGENT_RENEW_PICTURES", raising=False)
    with pytest.raises(AssertionError, match="looks different"):
        asyncio.run(shown("calls", SMALL, "now-80x24"))
