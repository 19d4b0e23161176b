"""The page in the docs is held to the tools."""

from __future__ import annotations

import ast
import asyncio
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from mcp_agent_storage.settings import Settings

from mcp_agent.testing import host_for
from plugins.storage.tests.conftest import MODULE

PAGE = (Path(__file__).parents[3] / "docs" / "plugins" / "storage.md").read_text("utf-8")
CALLS = re.findall(r"`(storage_\w+\([^`]*\))`", PAGE)


def call_of(text: str) -> tuple[str, dict[str, Any]]:
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Name)
    return call.func.id, {word.arg or "": ast.literal_eval(word.value) for word in call.keywords}


def test_the_conversation_can_be_had(tmp_path: Path) -> None:
    files, archive = tmp_path / "files", tmp_path / "archive"
    for folder in (files, archive):
        folder.mkdir()
    (files / "photos.zip").write_bytes(b"x" * 1000)
    (archive / "old.txt").write_text("old")
    (archive / "reports").mkdir()
    (archive / "reports" / "may.txt").write_text("may")
    settings = {"folders": [{"path": str(path), "writable": True} for path in (files, archive)]}

    async def work() -> None:
        async with host_for(MODULE, settings, folder=tmp_path / "home") as host:
            for text in CALLS:
                result = await host.call(*call_of(text))
                assert not result.is_error
            assert (await host.undo()).stopped is None

    assert len(CALLS) >= 6
    asyncio.run(work())


def test_every_tool_has_a_row() -> None:
    async def tools() -> set[str]:
        async with host_for(MODULE) as host:
            return {tool.name for tool in host.tools()}

    rows = PAGE.partition("## Tools")[2].partition("## Settings")[0]
    assert set(re.findall(r"`(storage_\w+)`", rows)) == asyncio.run(tools())


def test_the_settings_are_those_there_are() -> None:
    import yaml

    [text] = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
    given = yaml.safe_load(text)["plugins"]["storage"]
    assert set(given) == set(Settings.__struct_fields__)
    assert msgspec.convert(given, Settings).stores["backup"].writable


@pytest.mark.parametrize("name", ["local", "a b", "", "-x"])
def test_names_that_no_store_can_have(name: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"stores": {name: {"access_key_id": "a"}}}, Settings)
