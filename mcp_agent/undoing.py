"""Taking changes back: compare first, never overwrite what came later, and write down the undoing itself."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import structs

from mcp_agent.context import Context, NoCaller
from mcp_agent.errors import ToolError
from mcp_agent.jsonio import encode
from mcp_agent.model import Caller, Change, Json, Tool, ToolResult, Undo, Undone
from mcp_agent.pipeline import Handler
from mcp_agent.pipeline.call import Call
from mcp_agent.registry import Registry
from mcp_agent.store.journal import Journal

UNDO_PRINCIPAL = "undo"


class ChangedSince(ToolError):
    """What a call changed was changed again by somebody else: undoing it would lose that."""


class Undoer:
    """Undoes the changes in a journal, through the same onion as every call."""

    def __init__(
        self, journal: Journal, registry: Registry, handler: Handler, context: Callable[[Tool, Caller], Context]
    ) -> None:
        self._journal = journal
        self._registry = registry
        self._handler = handler
        self._context = context

    async def undo(self, changes: list[Change]) -> Undone:
        """Take back these changes in the order given, newest first. Stops at the first that cannot be."""
        done: list[Change] = []
        for change in changes:
            try:
                await self._undo(change)
            except ToolError as error:
                return Undone(tuple(done), f"Change {change.id} ({change.tool}) was not undone: {error}")
            done.append(change)
        return Undone(tuple(done))

    async def _undo(self, change: Change) -> None:
        tool = self._registry.tool(change.tool)
        if tool is None:
            raise ToolError(f"{change.tool} is not on offer now.", hint=f"Switch the plugin {change.plugin} on first.")
        undo = tool.undo
        if not isinstance(undo, Undo):
            raise ToolError(f"{change.tool} cannot be undone any more.")
        arguments = tool.parse(encode(change.arguments))
        context = self._context(tool, NoCaller(UNDO_PRINCIPAL))
        now = await undo.snapshot(context, arguments, change.result)
        if now != change.before:
            _compare(change, now)
            await self._restore(change, tool, undo, now)
        await self._journal.undone(change.id)

    async def _restore(self, change: Change, tool: Tool, undo: Undo, now: Json) -> None:
        raw = encode(change.arguments)

        async def invoke(context: Context, arguments: object) -> str:
            taken_back = await self._journal.begin(tool.plugin, tool.name, UNDO_PRINCIPAL, raw, now, undoes=change.id)
            await undo.restore(context, arguments, change.result, change.before)
            restored = await undo.snapshot(context, arguments, change.result)
            await self._journal.finish(taken_back, change.result, restored)
            if restored != change.before:
                raise ToolError("It was put back, but is not quite as it was before.", hint=f"It is now: {restored}")
            return f"undid change {change.id}"

        undoing = structs.replace(
            tool, name=f"undo:{tool.name}", invoke=invoke, render=_as_text, undo="impossible", effect="write"
        )
        caller = NoCaller(UNDO_PRINCIPAL)
        await self._handler(Call(undoing, raw, caller, self._context(tool, caller)))


def _as_text(value: str) -> ToolResult:
    return ToolResult(structured={"undone": value})


def _compare(change: Change, now: Json) -> None:
    if change.state == "done" and now == change.after:
        return
    if change.state == "done":
        raise ChangedSince(
            f"it has been changed again since. It is now {encode(now).decode()[:300]}.",
            hint="Undo the later change first, or change it by hand.",
        )
    raise ChangedSince(
        "the program ended in the middle of it, and things are neither as before nor known to be as intended.",
        hint=f"Look at it; before, it was {encode(change.before).decode()[:300]}.",
    )
