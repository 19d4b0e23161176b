"""docs/folders.md: the plugin it shows is run, and the tests it names are there."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from mcp_agent import Folders
from mcp_agent.testing import host_for

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "folders.md").read_text()


def test_the_plugin_of_the_page_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [code] = re.findall(r"```python\n# (mcp_agent_diary/__init__.py\n.*?)```", PAGE, re.S)
    (tmp_path / "mcp_agent_diary").mkdir()
    (tmp_path / "mcp_agent_diary" / "__init__.py").write_text(code.partition("\n")[2])
    monkeypatch.syspath_prepend(tmp_path)

    async def work() -> None:
        files = tmp_path / "files"
        async with host_for("mcp_agent_diary", {"folders": [{"path": str(files), "writable": True}]}) as host:
            for line in ("one", "two"):
                await host.call("diary_add_line", {"path": "2026/may.txt", "line": line})
            assert (files / "2026" / "may.txt").read_text() == "one\ntwo\n"
            assert (await host.call("diary_list_files")).data["result"] == [str(files / "2026" / "may.txt")]
            await host.undo()
            assert (files / "2026" / "may.txt").read_text() == "one\n"
            await host.undo()
            assert list(files.iterdir()) == []

    asyncio.run(work())


def test_every_function_is_in_the_table() -> None:
    table = PAGE[PAGE.index("| function of") :]
    public = {name for name in vars(Folders) if not name.startswith("_")} | {"backups"}
    assert {name for name in public if f"`{name}" not in table.replace("`Folders.ANY", "`ANY")} == set()


def test_the_tests_that_the_page_names_exist() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)
    assert len(named) >= 7
    for file, test in named:
        assert f"def {test}" in (ROOT / file).read_text(), (file, test)
