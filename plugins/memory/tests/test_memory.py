"""The memory plugin."""

from __future__ import annotations

from typing import ClassVar

from mcp_agent.testing import PluginContract


class TestContract(PluginContract):
    module = "mcp_agent_memory"
    examples: ClassVar = {
        "memory_remember": {"text": "The bin is emptied on Tuesdays.", "source": "Anna", "tags": ["home"]},
        "memory_recall": {"query": "when is the bin emptied?"},
        "memory_list": {"limit": 1},
        "memory_forget": {"id": 1},
    }
