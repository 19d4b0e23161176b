"""What is kept is its owner's: nobody else on the machine reads memories, results, the journal or the log."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from pathlib import Path

import pytest

from mcp_agent import Config, Host
from mcp_agent.config import PolicySettings, Rule
from mcp_agent.paths import Paths, private_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the profile of a person keeps others out there")


def open_to_others(home: Path) -> list[str]:
    """Files that another user could get at: readable, and so is every folder on the way."""

    def found(folder: Path) -> list[str]:
        if not folder.stat().st_mode & stat.S_IXOTH:
            return []
        files = [str(path.relative_to(home)) for path in folder.iterdir() if path.is_file() and path.stat().st_mode & 4]
        return files + [name for path in folder.iterdir() if path.is_dir() for name in found(path)]

    return sorted(found(home))


@pytest.mark.parametrize("before", [None, 0o755])
def test_nobody_else_gets_at_what_is_kept(tmp_path: Path, before: int | None) -> None:
    """Also where an earlier release left the folders open."""
    home = tmp_path / "home"
    paths = Paths(home, home / "data", home / "state")
    for folder in (paths.data, paths.state) if before else ():
        folder.mkdir(parents=True)
        folder.chmod(before or 0)

    async def work() -> None:
        config = Config(policy=PolicySettings(rules=(Rule(decide="allow"),)))
        async with Host(config, paths=paths, installed=False, modules=["mcp_agent_memory"]) as host:
            await host.call("memory_remember", {"facts": [{"text": "The pin is in the drawer."}]})

    mask = os.umask(0o022)
    try:
        asyncio.run(work())
    finally:
        os.umask(mask)
    home.chmod(0o755)
    assert (home / "state" / "undo.sqlite3").exists()
    assert list((home / "data").rglob("memory.sqlite3"))
    assert open_to_others(home) == []


def test_a_folder_of_others_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    private_folder(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
