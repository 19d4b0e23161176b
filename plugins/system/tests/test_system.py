from typing import ClassVar

from mcp_agent.testing import PluginContract


class TestContract(PluginContract):
    module = "mcp_agent_system"
    examples: ClassVar = {
        "system_health": {},
        "system_plugins": {},
        "system_version": {},
        "system_errors": {"limit": 3},
    }
