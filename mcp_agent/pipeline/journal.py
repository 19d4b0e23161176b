"""Writes down what was before a change, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec

from mcp_agent.errors import BUGS, AgentError, InternalFailure, UpstreamError
from mcp_agent.model import Json, ToolResult, Undo
from mcp_agent.pipeline import Handler, Only, Stage
from mcp_agent.pipeline.call import Call
from mcp_agent.store.journal import Journal

T = TypeVar("T")
Look = Callable[[Json], Awaitable[Json]]
"""How things are, given the result of the call, which is None before there is one."""


def journal(entries: Journal, report_bug: Callable[[str], str]) -> Stage:
    """For tools that say how they are undone. The snapshot before is on disk before the tool runs.

    A call that changed nothing leaves nothing to undo. One whose snapshot fails does not run.
    """

    async def stage(call: Call, inner: Handler) -> ToolResult:
        tool, arguments, undo = call.tool, call.arguments, call.tool.undo
        assert isinstance(undo, Undo)

        async def look(result: Json) -> Json:
            try:
                return await snapshot_of(undo, call.context, arguments, result)
            except AgentError:
                raise
            except BUGS as error:
                what = f"The snapshot of {tool.name}"
                raise InternalFailure(what, report_bug(what), error) from None

        before = await look(None)
        change = await entries.begin(tool.plugin, tool.name, call.caller.principal, call.raw, before)
        return await noted(entries, change, before, look, lambda: inner(call), outcome_of)

    return Only(lambda tool: isinstance(tool.undo, Undo), stage)


async def snapshot_of(undo: Undo, context: Any, arguments: Any, result: Json) -> Json:
    """As it will be when it is read from the journal, where a tuple is a list: what is compared later must be alike."""
    return msgspec.json.decode(msgspec.json.encode(await undo.snapshot(context, arguments, result)))


async def noted(
    entries: Journal,
    change: int,
    before: Json,
    look: Look,
    work: Callable[[], Awaitable[T]],
    outcome: Callable[[T], Json],
) -> T:
    """Do what was begun, and note how it ended. What failed may have changed something all the same: that is looked at,
    unless it may still go on somewhere."""
    try:
        done = await work()
    except BaseException as error:
        if not _ended(error) or not await _note(entries, change, before, look, None):
            await entries.fail(change)
        raise
    if not await _note(entries, change, before, look, outcome(done)):
        await entries.fail(change)
    return done


async def _note(entries: Journal, change: int, before: Json, look: Look, result: Json) -> bool:
    """False when nobody can say how things are."""
    try:
        after = await look(result)
    except AgentError:  # the call itself counts: its change stays in the journal as one that nobody could look at
        return False
    if after == before:
        await entries.forget(change)
    else:
        await entries.finish(change, result, after)
    return True


def _ended(error: BaseException) -> bool:
    """Not so for what was cancelled, whose thread may still run, nor for what another machine may still do."""
    return isinstance(error, Exception) and not (isinstance(error, UpstreamError) and error.sent)


def outcome_of(result: ToolResult) -> Json:
    """What a tool gave, as a snapshot function gets it: the structured part, or the text."""
    return result.text if result.data is None else result.data
