"""Nothing happens that the policy or the person does not allow."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from mcp_agent.errors import Denied
from mcp_agent.model import Json, ToolResult
from mcp_agent.pipeline import Handler, Stage
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.consent import Consent
from mcp_agent.pipeline.policy import Policy


def permission(policy: Policy, consent: Consent) -> Stage:
    """Raises Denied. What was decided, and why, is left in ``call.decision`` for the audit."""

    async def asked(call: Call, inner: Handler, every: str, reason: str) -> ToolResult:
        call.decision = f"asked ({reason})"
        how = await consent.obtain(call, every)
        call.decision = f"approved {how} ({reason})"
        return await inner(call)

    async def denied(call: Call, reason: str) -> ToolResult:
        call.decision = f"denied ({reason})"
        raise Denied(
            f"{call.tool.name} is not allowed: {reason}.",
            hint="The person who owns this machine can change the policy in the configuration.",
        )

    def stage(call: Call, inner: Handler) -> object:
        verdict = policy.decide(call.tool, call.caller.principal, lambda: _arguments(call.raw))
        if verdict.decision == "allow":
            return inner(call)
        if verdict.decision == "deny":
            return denied(call, verdict.reason)
        return asked(call, inner, verdict.every, verdict.reason)

    return stage  # type: ignore[return-value]


def _arguments(raw: bytes) -> Mapping[str, Json]:
    """As a condition sees them. What is not readable is refused by validation, and allowed by no condition."""
    try:
        return msgspec.json.decode(raw, type=dict[str, Json])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
