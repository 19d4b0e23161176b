"""What every plugin keeps."""

from __future__ import annotations

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
