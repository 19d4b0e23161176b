"""The page in the docs is held to the tools."""

from __future__ import annotations

import ast
import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from mcp_agent_steam.settings import Settings

from mcp_agent import Config
from mcp_agent.testing import FakeClock, host_for
from mcp_agent.vault.secret import Secret
from plugins.steam.tests.tree import NOW, anna, program
from plugins.steam.tests.valve import KEY, valve

PAGE = (Path(__file__).parents[3] / "docs" / "plugins" / "steam.md").read_text()
CALLS = re.findall(r"`(steam_\w+\([^`]*\))`", PAGE)


def call_of(text: str) -> tuple[str, dict[str, Any]]:
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Name)
    return call.func.id, {word.arg or "": ast.literal_eval(word.value) for word in call.keywords}


def test_the_conversation_can_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = anna(tmp_path / "Steam").root
    program(tmp_path / "bin", "steam", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    async def work() -> None:
        async with (
            valve(monkeypatch),
            host_for("mcp_agent_steam", {"folders": [str(root)]}, clock=FakeClock(NOW)) as host,
        ):
            await host.vault.set("steam", "key", Secret(KEY))
            for text in CALLS:
                result = await host.call(*call_of(text))
                assert not result.is_error

    assert len(CALLS) >= 7
    asyncio.run(work())


def test_every_tool_has_a_row() -> None:
    async def tools() -> set[str]:
        async with host_for("mcp_agent_steam") as host:
            return {tool.name for tool in host.tools()}

    assert set(re.findall(r"`(steam_\w+)`", PAGE.partition("## Tools")[2].partition("## Settings")[0])) == asyncio.run(
        tools()
    )


def test_the_settings_are_those_there_are() -> None:
    import yaml

    [text] = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
    assert Config(plugins=yaml.safe_load(text)["plugins"]).plugins["steam"] == {
        name: getattr(Settings(), name) for name in Settings.__struct_fields__
    }
