"""A call on its way through the onion."""

from __future__ import annotations

from typing import Any

from mcp_agent.model import Caller, Tool


class Call:
    """``raw`` is the JSON that came; ``arguments`` is set by the validate stage.

    ``decision`` is what the permission stage made of it, in words, for the audit;
    ``degraded`` is set by a stage that answers with less than was asked for;
    ``within`` are the tools that run this one, outermost first.
    """

    __slots__ = ("arguments", "caller", "context", "decision", "degraded", "raw", "tool", "within")

    def __init__(self, tool: Tool, raw: bytes, caller: Caller, context: Any, within: tuple[Tool, ...] = ()) -> None:
        self.tool = tool
        self.raw = raw
        self.caller = caller
        self.context = context
        self.within = within
        self.arguments: Any = None
        self.decision = "allowed"
        self.degraded = False
