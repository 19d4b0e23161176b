"""What listings cost: of each plugin, held to what was noted; and of what a client sees that searches."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Host, Tool
from mcp_agent.config import Config, ExposeSettings
from mcp_agent.expose.exposure import FRONT, cost

NOTED: dict[str, Any] = tomllib.loads(Path(__file__).with_name("listing.toml").read_text())
SEARCH_BUDGET = 1500
PLUGINS = sorted(entry.name for entry in entry_points(group="mcp_agent.plugins"))


async def _tools() -> list[Tool]:
    async with Host(on_disk=False) as host:
        return list(host.tools())


@pytest.fixture(scope="module")
def tools() -> Iterator[list[Tool]]:
    """As on a machine without a screen, where some tools are not offered."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
            patch.delenv(name, raising=False)
        yield asyncio.run(_tools())


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_plugin_costs_what_was_noted_and_no_more(plugin: str, tools: list[Tool]) -> None:
    spent = sum(cost(tool) for tool in tools if tool.plugin == plugin)
    noted = NOTED[plugin]
    assert noted["note"], "say why it is worth that"
    assert spent <= noted["tokens"], f"{plugin} grew from {noted['tokens']} to {spent} tokens"
    assert spent > noted["tokens"] * 0.9, f"{plugin} shrank to {spent} tokens: note that, so that it stays so"


def test_nothing_is_noted_that_is_not_there() -> None:
    assert sorted(NOTED) == PLUGINS


def test_with_all_plugins_a_client_that_searches_pays_little() -> None:
    async def work() -> None:
        for mode in ("auto", "search"):
            async with Host(Config(expose=ExposeSettings(mode=mode)), on_disk=False) as host:  # type: ignore[arg-type]
                listed = host.backend.tools()
                assert {tool.plugin for tool in listed} == {FRONT}
                spent = sum(cost(tool) for tool in listed)
                print(f"\n{mode}: {spent} tokens for {len(host.tools())} tools")  # noqa: T201
                assert spent < SEARCH_BUDGET

    asyncio.run(work())


def test_every_tool_says_in_a_line_what_it_is_for(tools: list[Tool]) -> None:
    for tool in tools:
        line = tool.description.partition("\n")[0]
        assert 15 <= len(line) <= 200, f"{tool.name}: {line}"


def test_every_tool_can_be_found_by_examples(tools: list[Tool]) -> None:
    without = [tool.name for tool in tools if len(tool.examples) < 3 and tool.plugin not in (FRONT, "results")]
    assert not without
