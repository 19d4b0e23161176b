"""For people who write plugins: a host with nothing but their plugin in it, doubles, and a contract to hold it to.

Needs no pytest plugin: its tests are plain methods that run their own event loop. Docs: ``docs/write-a-plugin.md``.
"""

from mcp_agent.testing.caller import ScriptedCaller as ScriptedCaller
from mcp_agent.testing.clock import FakeClock as FakeClock
from mcp_agent.testing.contract import PluginContract as PluginContract
from mcp_agent.testing.hosts import host_for as host_for
