"""What every plugin keeps, and what this one costs at the start."""

from __future__ import annotations

import subprocess
import sys
from typing import ClassVar

from mcp_agent.testing import PluginContract

MODULE = "mcp_agent_desktop"


class TestContract(PluginContract):
    module = MODULE
    examples: ClassVar = {
        "desktop_list_folders": {},
        "desktop_write_file": {"path": "notes/a.txt", "text": "one\ntwo\n"},
        "desktop_edit_file": {"path": "notes/a.txt", "old": "two", "new": "three"},
        "desktop_read_file": {"path": "notes/a.txt", "limit": 3},
        "desktop_list_files": {"path": "notes"},
        "desktop_tree": {},
        "desktop_search_files": {"query": "THREE"},
        "desktop_move": {"source": "notes/a.txt", "target": "b.txt"},
        "desktop_trash": {"path": "b.txt"},
        "desktop_watch": {},
        "desktop_unwatch": {"id": "1"},
        "desktop_processes": {"limit": 2},
        "desktop_system_info": {},
    }


IMPORT = """
import sys, time
import mcp_agent
for name in mcp_agent.__all__:
    getattr(mcp_agent, name)
import asyncio, subprocess
begun = time.perf_counter()
import mcp_agent_desktop
took = time.perf_counter() - begun
libraries = {"psutil", "watchfiles", "pypdf", "mss", "PIL", "desktop_notifier", "send2trash"} & set(sys.modules)
sys.stdout.write(f"{took * 1000:.2f} {','.join(libraries)}")
"""


def test_its_import_is_cheap_and_brings_no_library() -> None:
    """The bar is many times the figure, which is printed: 15 ms is what is promised."""
    took = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True, timeout=60)
        milliseconds, _, libraries = done.stdout.partition(" ")
        assert libraries == ""
        took.append(float(milliseconds))
    sys.stdout.write(f"import of the plugin: {min(took):.1f} ms\n")
    assert min(took) < 100
