"""The first command of the README."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, "-m", "mcp_agent", "demo"]


def run(tmp_path: Path, **env: str) -> subprocess.CompletedProcess[str]:
    home, temp = tmp_path / "home", tmp_path / "temp"
    temp.mkdir()
    plain = {key: value for key, value in os.environ.items() if not key.startswith("MCP_AGENT__")}
    env = {**plain, "MCP_AGENT_HOME": str(home), "TMPDIR": str(temp), **env}
    done = subprocess.run(COMMAND, capture_output=True, text=True, env=env, timeout=120, check=False)
    assert not home.exists(), "the demo wrote into the person's own home"
    assert list(temp.iterdir()) == [], "the demo left something behind"
    return done


def test_the_story_is_told_whole(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("You answer: allow") == done.stdout.count("The agent asks you:") >= 3
    for part in (
        "speaks MCP 2026-07-28",
        "memory_remember",
        "memory_recall",
        "system_undo",
        "Did you mean",
        "calls a second",
    ):
        assert part in done.stdout


def test_a_step_that_fails_is_exit_code_1_with_the_reason(tmp_path: Path) -> None:
    done = run(tmp_path, MCP_AGENT__PLUGINS__MEMORY__ENABLED="false")
    assert done.returncode == 1
    assert "The demo failed:" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
