"""What is private is not in the audit log, and what is erased is in no file any more."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from mcp_agent import InvalidArguments
from mcp_agent.pipeline.audit import without
from mcp_agent.testing import host_for
from tests.pipeline.audited import entries

DIARY = "tests.plugins.diary"


def files_with(home: Path, word: str) -> list[str]:
    files = [path for path in home.rglob("*") if path.is_file()]
    return sorted(path.name for path in files if word.encode() in path.read_bytes())


def test_the_audit_log_keeps_the_length_of_what_is_private(tmp_path: Path) -> None:
    async def work() -> None:
        async with host_for(DIARY, folder=tmp_path) as host:
            await host.call("diary_write", {"day": 1, "text": "Zanzibar."})
            await host.call("diary_find", {"words": ["Zanzibar"]})
            with pytest.raises(InvalidArguments):
                await host.call("diary_find", {"words": 7, "other": "Zanzibar"})

    asyncio.run(work())
    written, _, found, refused = [json.loads(one.text) for one in entries(tmp_path, tool="diary_*")]
    assert written["arguments"] == {"day": 1, "text": "private, 11 bytes"}
    assert found["arguments"] == {"words": "private, 12 bytes"}
    assert refused["arguments"] == {"words": "private, 1 bytes", "other": "Zanzibar"}


def test_what_is_not_readable_is_private_as_a_whole() -> None:
    assert json.loads(without(b'{"text": "Zanz', frozenset({"text"}))) == "private, 14 bytes"
    assert json.loads(without(b'["Zanz"]', frozenset({"text"}))) == "private, 8 bytes"


def test_the_schema_says_nothing_of_it() -> None:
    async def work() -> None:
        async with host_for(DIARY) as host:
            assert host.tool("diary_write").input_schema["properties"]["text"] == {
                "type": "string", "description": "What happened."
            }  # fmt: skip

    asyncio.run(work())


def test_what_is_erased_leaves_no_byte_in_any_file(tmp_path: Path) -> None:
    async def work() -> None:
        async with host_for(DIARY, folder=tmp_path) as host:
            for day in range(1, 4):
                await host.call("diary_write", {"day": day, "text": f"Page {day}: Zanzibar{day}"})
            await host.call("diary_write", {"day": 2, "text": "Zanzibar2 again"})
            await host.undo()
            assert files_with(tmp_path, "Zanzibar2")
            assert (await host.call("diary_burn", {"day": 2})).data == {"result": 3}  # two writes and an undoing
            assert files_with(tmp_path, "Zanzibar2") == []
            assert [change.arguments["day"] for change in await host.changes()] == [3, 1]
            assert (await host.undo(last=2)).stopped is None  # the others are as undoable as ever

    asyncio.run(work())
    assert files_with(tmp_path, "Zanzibar2") == []
