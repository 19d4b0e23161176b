"""How a call ended, in one word: the same words in the audit log and in the metrics."""

from __future__ import annotations

import asyncio
from typing import Literal, TypeAlias

from mcp_agent.errors import AgentError, Denied, InternalFailure, ToolTimeout
from mcp_agent.protocol.asking import SUSPENDED

Outcome: TypeAlias = Literal["ok", "error", "denied", "timeout", "cancelled", "suspended", "crashed"]
"""``suspended`` waits for the client to come back with answers; ``crashed`` is a bug."""


def outcome_of(error: BaseException) -> tuple[Outcome, str]:
    """The outcome, and more of it: the class of an error, or the trace id under which a bug was logged."""
    if isinstance(error, InternalFailure):
        return "crashed", error.trace_id
    if isinstance(error, asyncio.CancelledError):
        return ("suspended" if error.args == (SUSPENDED,) else "cancelled"), ""
    if isinstance(error, Denied):
        return "denied", ""
    if isinstance(error, ToolTimeout):
        return "timeout", ""
    return ("error" if isinstance(error, AgentError) else "crashed"), type(error).__name__
