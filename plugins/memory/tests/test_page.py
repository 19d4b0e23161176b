"""The page of the docs does what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "plugins" / "memory.md"


def test_the_example_runs_and_finds_what_it_should() -> None:
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.S)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert "with Mr Korhonen" in first
    assert "Willem plays the cello" in second


def test_every_tool_is_on_the_page() -> None:
    import mcp_agent_memory

    named = set(re.findall(r"`(memory_[a-z_]+)`", PAGE.read_text()))
    assert {function.__name__ for function in mcp_agent_memory.mcp_agent_tools()} <= named
