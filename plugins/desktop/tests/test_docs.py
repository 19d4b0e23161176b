"""docs/plugins/desktop.md: the conversation is held, call by call, and no tool is left out."""

from __future__ import annotations

import ast
import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Host
from mcp_agent.testing import host_for

PAGE = (Path(__file__).parents[3] / "docs" / "plugins" / "desktop.md").read_text()
CALL = re.compile(r"`((?:desktop|system)_\w+)\(([^`]*)\)`")


def given(arguments: str) -> Mapping[str, Any]:
    call = ast.parse(f"f({arguments})", mode="eval").body
    assert isinstance(call, ast.Call)
    return {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords}


def test_the_conversation_of_the_page(files: Path) -> None:
    garden = files / "garden"
    (garden / "2025").mkdir(parents=True)
    (garden / "plan.txt").write_text("Tomatoes: 4\nBeans: 12\n")
    (garden / "seeds.csv").write_text("name,count\nbeans,12\n")
    conversation = CALL.findall(PAGE.partition("## Tools")[0])
    assert len(conversation) == 11

    async def work() -> None:
        async with host_for("mcp_agent_desktop") as host:
            results = [await answer(host, tool, arguments) for tool, arguments in conversation]
            assert results[0]["tree"] == "2025/\nplan.txt\nseeds.csv"
            assert len(results[1]["hits"]) == 2
            assert results[2]["text"] == "Tomatoes: 4\nBeans: 12\n"
            assert "-Beans: 12\n+Beans: 20" in results[3]["diff"]
            assert sorted(path.name for path in garden.iterdir()) == ["plan.txt", "seeds.csv", "shopping.txt"]
            assert (files / "archive" / "garden-2025").is_dir()

    asyncio.run(work())


async def answer(host: Host, tool: str, arguments: str) -> Any:
    if tool == "system_undo":
        assert (await host.undo(**given(arguments))).stopped is None
        return None
    return (await host.call(tool, given(arguments))).data


def test_every_tool_is_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")

    async def names() -> set[str]:
        async with host_for("mcp_agent_desktop") as host:
            return {tool.name for tool in host.tools()}

    table = PAGE[PAGE.index("## Tools") : PAGE.index("## Settings")]
    assert asyncio.run(names()) == set(re.findall(r"`(desktop_\w+)`", table))
