"""The examples of our plugins: each tool has some, none is said of two tools, and they lead to their tool."""

from __future__ import annotations

import sys
from importlib import import_module
from itertools import chain
from pathlib import Path

import msgspec
import pytest

from mcp_agent.expose.ranking import Ranker
from mcp_agent.model import Tool
from mcp_agent.schema.build import build_tool

_PLUGINS = Path(__file__).parents[2] / "plugins"
_ENOUGH = 4
_TURNS = 3


@pytest.fixture(scope="module")
def tools() -> list[Tool]:
    names = sorted(path.parent.name for path in _PLUGINS.glob("*/pyproject.toml") if path.parent.name != "_template")
    modules = [(name, import_module(f"mcp_agent_{name}")) for name in names]
    return [build_tool(made, name) for name, module in modules for made in module.mcp_agent_tools()]


def test_every_tool_has_examples(tools: list[Tool]) -> None:
    assert {tool.name: len(tool.examples) for tool in tools if len(tool.examples) < _ENOUGH} == {}


def test_no_example_is_said_of_two_tools(tools: list[Tool]) -> None:
    said = [example.lower() for example in chain.from_iterable(tool.examples for tool in tools)]
    assert sorted({example for example in said if said.count(example) > 1}) == []


def test_no_examples_are_left_of_a_tool_that_went() -> None:
    for path in _PLUGINS.glob("*/mcp_agent_*/examples.py"):
        sources = "".join(source.read_text() for source in path.parent.rglob("*.py"))
        kept = import_module(f"{path.parent.name}.examples").EXAMPLES
        assert [name for name in kept if f'EXAMPLES["{name}"]' not in sources] == []


def test_an_example_held_out_still_finds_its_tool(tools: list[Tool]) -> None:
    """What is said in other words than any example is the measure: one of each tool is taken out, and looked for."""
    asked = first = among = 0
    for turn in range(_TURNS):
        ranker = Ranker([_without(tool, turn) for tool in tools])
        for tool in tools:
            found = [hit.tool.name for hit in ranker.find(tool.examples[turn], 3)]
            asked += 1
            first += found[:1] == [tool.name]
            among += tool.name in found
    sys.stdout.write(f"of {asked} examples held out: first {first / asked:.0%}, in three {among / asked:.0%}\n")
    assert first / asked > 0.6
    assert among / asked > 0.8


def _without(tool: Tool, place: int) -> Tool:
    return msgspec.structs.replace(tool, examples=tool.examples[:place] + tool.examples[place + 1 :])
