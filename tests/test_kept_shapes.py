"""What signatures said at the last start: the same as new ones, and only while the code is the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PLUGIN = '''
from typing import Annotated
from msgspec import Struct
from mcp_agent import Context, Field, hookimpl, tool

class Result(Struct):
    result: int

@tool(effect="read")
def kept_wrapped(ctx: Context, number: int = 3) -> list[int]:
    """Give numbers."""
    return [number]

@tool(effect="read")
def kept_object(number: int) -> Result:
    """Give an object whose only field has the name of a wrapping."""
    return Result(number)

@tool(effect="read")
def kept_text(pin: Annotated[str, Field("A number.", private=True, header="Pin")] = "0000") -> str:
    """Give text."""
    return "text"

@hookimpl
def mcp_agent_tools():
    return [kept_wrapped, kept_object, kept_text]
'''

RUN = """
import asyncio, json, os, sys
from mcp_agent import Host, ToolError
from mcp_agent.schema import types
made = 0
before = types.schema_of
def counted(kind):
    global made
    made += 1
    return before(kind)
from mcp_agent.schema import results, signature
results.schema_of = signature.schema_of = counted

async def work():
    async with Host(modules=["kept"], installed=bool(int(sys.argv[1]))) as host:
        listing = {tool.name: (tool.input_schema, tool.output_schema, tool.headers, sorted(tool.private))
                   for tool in host.tools()}
        called = [(await host.call(name, given)).text for name, given in
                  (("kept_wrapped", {}), ("kept_object", {"number": 7}), ("kept_text", {}))]
        data = [(await host.call("kept_wrapped", {})).data, (await host.call("kept_object", {"number": 7})).data]
        try:
            await host.call("kept_object", {"number": "seven"})
        except ToolError as error:
            refused = str(error)
    print(json.dumps([made, listing, called, data, refused]))
asyncio.run(work())
"""


def start(home: Path, folder: Path, installed: bool = False) -> list[object]:
    import json

    env = {**os.environ, "MCP_AGENT_HOME": str(home), "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(int(installed))],
        env=env,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )  # fmt: skip
    answer: list[object] = json.loads(done.stdout)
    return answer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "plugins"
    path.mkdir()
    (path / "kept.py").write_text(PLUGIN)
    return path


def test_the_second_start_makes_none_and_all_are_the_same(tmp_path: Path, folder: Path) -> None:
    """With every plugin that is installed."""
    first, second = start(tmp_path, folder, installed=True), start(tmp_path, folder, installed=True)
    assert first[1:] == second[1:]
    assert second[2] == ["[3]", '{"result":7}', "text"]
    assert second[3] == [{"result": [3]}, {"result": 7}]
    assert second[1]["kept_text"][2:] == [[[["pin"], "Pin"]], ["pin"]]  # type: ignore[index]
    assert "number" in str(second[4])
    assert isinstance(first[0], int)
    assert isinstance(second[0], int)
    assert first[0] > 10
    assert second[0] < first[0] / 10  # what takes text only, such as the parts of a URI, is not kept


def test_a_changed_file_is_read_anew(tmp_path: Path, folder: Path) -> None:
    start(tmp_path, folder)
    (folder / "kept.py").write_text(PLUGIN.replace("number: int = 3", "number: int = 4"))
    made, listing, called, *_ = start(tmp_path, folder)
    assert made
    assert '"default": 4' in str(listing).replace("'", '"')
    assert called[0] == "[4]"  # type: ignore[index]


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x81\xa7made_by\xa3old"])
def test_a_file_that_is_no_good_costs_nothing_but_time(tmp_path: Path, folder: Path, content: bytes) -> None:
    fresh = start(tmp_path, folder)
    (tmp_path / "state" / "schemas").write_bytes(content)
    assert start(tmp_path, folder) == fresh
    assert start(tmp_path, folder)[0] == 0


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "schemas").mkdir()
    assert start(tmp_path, folder)[2] == ["[3]", '{"result":7}', "text"]
