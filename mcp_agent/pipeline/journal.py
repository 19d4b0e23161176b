"""Writes down what was before a change, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Awaitable

from mcp_agent.model import Json, ToolResult, Undo
from mcp_agent.pipeline import Handler, Stage
from mcp_agent.pipeline.call import Call
from mcp_agent.store.journal import Journal


def journal(entries: Journal) -> Stage:
    """For tools that say how they are undone. The snapshot before is on disk before the tool runs."""

    async def stage(call: Call, inner: Handler, undo: Undo) -> ToolResult:
        context, arguments = call.context, call.arguments
        before = await undo.snapshot(context, arguments, None)
        change = await entries.begin(call.tool.plugin, call.tool.name, call.caller.principal, call.raw, before)
        try:
            result = await inner(call)
        except BaseException:
            await entries.fail(change)
            raise
        outcome = outcome_of(result)
        await entries.finish(change, outcome, await undo.snapshot(context, arguments, outcome))
        return result

    def choose(call: Call, inner: Handler) -> Awaitable[ToolResult]:
        undo = call.tool.undo
        return stage(call, inner, undo) if isinstance(undo, Undo) else inner(call)

    return choose


def outcome_of(result: ToolResult) -> Json:
    """What a tool gave, as a snapshot function gets it: the structured part, or the text."""
    return result.text if result.data is None else result.data
