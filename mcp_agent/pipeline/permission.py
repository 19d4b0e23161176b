"""Nothing happens that the policy or the person does not allow."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping

import msgspec

from mcp_agent.errors import Denied
from mcp_agent.model import Json, ToolResult
from mcp_agent.pipeline import Handler, Stage
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.consent import Consent
from mcp_agent.pipeline.policy import Every, Policy
from mcp_agent.pipeline.taint import Taint


def permission(policy: Policy, consent: Consent, taint: Taint) -> Stage:
    """Raises Denied. What was decided, and why, is left in ``call.decision`` for the audit.

    The flow rule: a call that changes something, and whose arguments hold text that came from outside earlier in the
    session, is asked about even where a rule allows it; so is one that a tool makes which brings text from outside.
    """

    def stage(call: Call, inner: Handler) -> Awaitable[ToolResult]:
        tool, caller = call.tool, call.caller
        verdict = policy.decide(tool, caller.principal, lambda: _arguments(call.raw))
        if verdict.decision == "deny" or (verdict.decision == "ask" and not tool.asks):
            return denied(call, verdict.reason)
        if tool.effect != "read":
            words = taint.touches(caller.session, _arguments(call.raw))
            if words is not None:
                return asked(call, inner, "call", f'text from outside in its arguments: "{words}"')
            bringer = next((one.name for one in call.within if one.origin is not None), None)
            if bringer is not None:  # what it passes on was not shown to the session, so nobody can look for it
                return asked(call, inner, "call", f"text from outside, which {bringer} passes on")
        if verdict.decision == "ask":
            return asked(call, inner, verdict.every, verdict.reason)
        return inner(call)

    async def asked(call: Call, inner: Handler, every: Every, reason: str) -> ToolResult:
        call.decision = f"asked ({reason})"
        how = await consent.obtain(call, every, reason)
        call.decision = f"approved {how} ({reason})"
        call.context.rewind()
        return await inner(call)

    async def denied(call: Call, reason: str) -> ToolResult:
        call.decision = f"denied ({reason})"
        raise Denied(
            f"{call.tool.name} is not allowed: {reason}.",
            hint="The person who owns this machine can change the policy in the configuration.",
        )

    return stage


def _arguments(raw: bytes) -> Mapping[str, Json]:
    """As a condition sees them. What is not readable is refused by validation, and allowed by no condition."""
    try:
        return msgspec.json.decode(raw, type=dict[str, Json])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
