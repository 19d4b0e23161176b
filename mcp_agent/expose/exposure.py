"""Which of all tools a client sees in its listing."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from mcp_agent.config import ExposeSettings
from mcp_agent.jsonio import encode
from mcp_agent.model import Tool
from mcp_agent.tokens import tokens

FRONT = "tools"
"""The plugin whose tools find all others."""
CALL_TOOL = "call_tool"


def cost(tool: Tool) -> int:
    """Tokens that a tool in the listing costs a model: clients show it the name, the description and the arguments."""
    shown = {"name": tool.name, "description": tool.description, "inputSchema": tool.input_schema}
    return tokens(encode(shown).decode())


class Exposure:
    """``listed`` chooses; ``searching`` says whether what it gave last hides anything. The tools of the plugins in
    ``shown``, which somebody named when they started the program, are always listed."""

    def __init__(self, settings: ExposeSettings) -> None:
        self._settings = settings
        self.searching = False
        self.shown: frozenset[str] = frozenset()

    def listed(self, offered: Sequence[Tool]) -> Sequence[Tool]:
        """All tools but those that find others; or just these and the pinned ones, where all would cost too much."""
        others = [tool for tool in offered if tool.plugin != FRONT]
        self.searching = len(others) < len(offered) and self._search(others)
        if not self.searching:
            return others
        return [tool for tool in offered if tool.plugin == FRONT or self._pinned(tool)]

    def _search(self, tools: Sequence[Tool]) -> bool:
        if self._settings.mode != "auto":
            return self._settings.mode == "search"
        spent = 0
        for tool in tools:
            spent += cost(tool)
            if spent > self._settings.budget_tokens:
                return True
        return False

    def _pinned(self, tool: Tool) -> bool:
        return tool.plugin in self.shown or any(fnmatchcase(tool.name, pattern) for pattern in self._settings.pinned)
