"""The contract of plugins, with a Steam and without one."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import ClassVar

from mcp_agent.testing import PluginContract
from plugins.steam.tests.here.asking import MODULE
from plugins.steam.tests.tree import anna

_FOLDER = tempfile.TemporaryDirectory(prefix="mcp-agent-steam-tests-")


class TestContract(PluginContract):
    module = MODULE
    settings: ClassVar = {"folders": [str(anna(Path(_FOLDER.name) / "Steam").root)]}
    examples: ClassVar = {
        "steam_list_installed": {"sort": "size", "limit": 3},
        "steam_library_stats": {},
        "steam_disk_usage": {},
        "steam_find_game": {"query": "civ 6"},
        "steam_recently_played": {},
        "steam_backlog": {},
        "steam_what_fits": {"minutes": 30, "mood": "thinking"},
        "steam_game_details": {"game": "portal 2"},
        "steam_recommend": {},
        "steam_friends": {},
    }


class TestContractWithoutSteam(PluginContract):
    """On a machine that has none: the demo, health and everything else holds there too."""

    module = MODULE
    settings: ClassVar = {"folders": [str(Path(_FOLDER.name) / "nothing")]}
