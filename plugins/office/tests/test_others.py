"""Documents of other producers: read without a crash, and whole after an edit.

They come from the source packages that ``tests.real.documents`` names, with their licences.
"""

from __future__ import annotations

import io
import os
import random
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import ToolError
from mcp_agent.errors import InternalFailure
from plugins.office.tests.desk import Desk, at_the_desk
from tests.real.documents import documents

pytestmark = pytest.mark.real

_EVERY = 1 if os.environ.get("MCP_AGENT_FULL") else 3
_READ = {"sheet": (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), "deck": (".pptx",), "doc": (".docx",)}


def some() -> list[Path]:
    return documents()[::_EVERY]


async def outcome(desk: Desk, tool: str, **arguments: Any) -> Any:
    """The data; None for an error in words. What failed because of a bug in it goes on to the test."""
    try:
        return (await desk.host.call(f"office_{tool}", arguments)).data
    except InternalFailure as bug:
        raise AssertionError(f"{tool} {arguments}: {bug.__context__!r}") from bug
    except ToolError:
        return None


def test_they_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    read: list[str] = []

    async def work(desk: Desk) -> None:
        for file in some():
            (folder / file.name).write_bytes(file.read_bytes())
            for tool, endings in _READ.items():
                if file.suffix in endings and await outcome(desk, f"read_{tool}", path=file.name) is not None:
                    read.append(file.name)
            if file.suffix in _READ["sheet"]:
                await outcome(desk, "describe_workbook", path=file.name)
            if file.suffix == ".pptx":
                await outcome(desk, "check_deck", path=file.name)

    at_the_desk(folder, work)
    sys.stdout.write(f"{len(read)} of {len(some())} documents of others were read\n")
    assert len(read) >= 0.85 * len(some())


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


EDITS: dict[str, tuple[str, dict[str, Any]]] = {
    ".xlsm": ("write_cells", {"rows": [["a word of ours"]], "at": "ZZ1999"}),
    ".xlsx": ("write_cells", {"rows": [["a word of ours"]], "at": "ZZ1999"}),
    ".pptx": ("edit_slide", {"action": "notes", "slide": 1, "text": ["a word of ours"]}),
    ".docx": ("track_changes", {}),
}


def test_they_survive_an_edit_and_its_undoing(tmp_path: Path) -> None:
    """Every part that was there is there afterwards, and all bytes come back."""
    folder = tmp_path / "files"
    folder.mkdir()
    edited: list[str] = []

    async def work(desk: Desk) -> None:
        for file in some():
            if file.suffix not in EDITS:
                continue
            before = file.read_bytes()
            (folder / file.name).write_bytes(before)
            tool, arguments = EDITS[file.suffix]
            if file.suffix == ".docx":
                read = await outcome(desk, "read_doc", path=file.name)
                words = [word for word in (read or {}).get("markdown", "").split() if word.isalpha()]
                if not words:
                    continue
                arguments = {"changes": [{"find": words[0], "insert_after": " a word of ours"}]}
            if await outcome(desk, tool, path=file.name, **arguments) is None:
                assert (folder / file.name).read_bytes() == before, f"{file.name} was half changed"
                continue
            edited.append(file.name)
            old, new = parts_of(before), parts_of((folder / file.name).read_bytes())
            gone = {name for name in old.keys() - new.keys() if not name.endswith(("/", "calcChain.xml"))}
            assert {name for name in gone if b"<" not in old[name][:1] or name.endswith(".bin")} == set(), file.name
            assert len(new) >= len(old) - 2, (file.name, gone)
            for name in old:
                assert "vba" not in name or old[name] == new[name], (file.name, name)
            if file.suffix == ".xlsx":
                same = [name for name in old if old[name] == new.get(name)]
                assert len(same) >= len(old) - len([n for n in old if "worksheets/" in n]) - 4, file.name
            await desk.host.undo()
            assert (folder / file.name).read_bytes() == before

    at_the_desk(folder, work)
    sys.stdout.write(f"{len(edited)} documents of others were edited and restored\n")
    assert len(edited) >= 15


def test_damaged_files_are_refused_in_words(tmp_path: Path) -> None:
    """Bytes are changed at random, in old formats too, whose readers may end the process that they run in."""
    folder = tmp_path / "files"
    folder.mkdir()
    chance = random.Random(7)
    told: list[str] = []

    async def work(desk: Desk) -> None:
        for file in [path for path in some() if path.stat().st_size < 100_000][::2]:
            data = bytearray(file.read_bytes())
            for _ in range(12):
                data[chance.randrange(len(data))] = chance.randrange(256)
            (folder / file.name).write_bytes(bytes(data))
            for tool, endings in _READ.items():
                if file.suffix in endings and await outcome(desk, f"read_{tool}", path=file.name) is None:
                    told.append(file.name)

    at_the_desk(folder, work)
    assert told
