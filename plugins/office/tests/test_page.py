"""The page in the docs is held to the tools: its conversation can be had, and every tool has a row."""

from __future__ import annotations

import ast
import asyncio
import re
from pathlib import Path

from mcp_agent.testing import host_for
from plugins.office.tests.desk import Desk, at_the_desk

PAGE = (Path(__file__).parents[3] / "docs" / "plugins" / "office.md").read_text()
CALLS = re.findall(r"`(office_\w+\(.*?\))`", PAGE.partition("## Tools")[0])


def test_the_conversation_can_be_had(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        for text in CALLS:
            call = ast.parse(text, mode="eval").body
            assert isinstance(call, ast.Call)
            assert isinstance(call.func, ast.Name)
            words = {word.arg or "": ast.literal_eval(word.value) for word in call.keywords}
            data = await desk.call(call.func.id.removeprefix("office_"), **words)
            if call.func.id == "office_query_sheet":
                assert data["rows"] == [{"month": "April", "total": 32.9}, {"month": "March", "total": 42.5}]
            if call.func.id == "office_check_deck":
                assert data["findings"] == []
            if call.func.id == "office_search":
                assert [Path(hit["path"]).name for hit in data["hits"]] == ["letter.docx"]

    assert len(CALLS) >= 8
    at_the_desk(tmp_path / "files", work)


def test_every_tool_has_a_row_and_examples() -> None:
    async def tools() -> dict[str, int]:
        async with host_for("mcp_agent_office") as host:
            return {tool.name: len(tool.examples) for tool in host.tools()}

    offered = asyncio.run(tools())
    rows = PAGE.partition("## Tools")[2].partition("## What is promised")[0]
    assert set(re.findall(r"`(office_\w+)`", rows)) == set(offered)
    assert min(offered.values()) >= 4, offered


def test_the_tests_that_are_named_are_there() -> None:
    named = set(re.findall(r"`(test_\w+\.py)`", PAGE))
    assert named
    assert all((Path(__file__).parent / name).exists() for name in named)
