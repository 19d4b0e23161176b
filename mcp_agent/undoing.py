"""Taking changes back: compare first, never overwrite what came later, and write down the undoing itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from msgspec import structs

from mcp_agent.callers import NoCaller
from mcp_agent.context import Context
from mcp_agent.errors import ToolError
from mcp_agent.jsonio import encode
from mcp_agent.model import Caller, Change, Json, Tool, ToolResult, Undo, Undone
from mcp_agent.pipeline import Handler
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.journal import noted, snapshot_of
from mcp_agent.pipeline.policy import UNDOING
from mcp_agent.registry import Registry
from mcp_agent.store.journal import Journal

UNDO_PRINCIPAL = "undo"
_SHOWN = 300
_MOST = 10_000
"""Changes that are taken back at once: as many as the journal keeps."""


class ChangedSince(ToolError):
    """What a call changed was changed again by somebody else: undoing it would lose that."""


class _Undoing(NoCaller):
    """Undoing as a caller. Where a rule asks, whoever wants it undone is asked, if they can be."""

    def __init__(self, wanted_by: Caller | None) -> None:
        super().__init__(UNDO_PRINCIPAL)
        self._wanted_by = wanted_by

    def supports(self, capability: str) -> bool:
        return self._wanted_by is not None and self._wanted_by.supports(capability)

    async def ask(self, requests: Mapping[str, tuple[str, Json]]) -> Mapping[str, Json]:
        return await (self._wanted_by.ask if self._wanted_by is not None else super().ask)(requests)


class Undoer:
    """Undoes the changes in a journal, through the same onion as every call."""

    def __init__(
        self, journal: Journal, registry: Registry, handler: Handler, context: Callable[[Tool, Caller], Context]
    ) -> None:
        self._journal = journal
        self._registry = registry
        self._handler = handler
        self._context = context
        self._one_at_a_time = asyncio.Lock()

    async def chosen(
        self, *, last: int, since: float | None = None, change: int | None = None
    ) -> tuple[list[Change], int | None]:
        """Changes to undo, newest first, and how many of them at most: one by its id, all of a time (seconds since
        the epoch), or the last few. Raises ToolError where there are none."""
        journal = self._journal
        if change is not None:
            found = await journal.get(change)
            changes = [] if found is None else [found]
        else:
            changes = await journal.latest(count=_MOST, since=since or 0.0)
        if not changes:
            raise ToolError("There is no such change to undo.", hint="'mcp-agent undo --list' shows what there is.")
        return changes, last if change is None and since is None else None

    async def undo(self, changes: list[Change], most: int | None = None, wanted_by: Caller | None = None) -> Undone:
        """Take back these changes in the order given, newest first. Stops at the first that cannot be, or at ``most``.

        Calls that failed without changing anything are settled on the way, and do not count. ``wanted_by`` is asked
        where the policy says so; without, or where they cannot be, consent comes out of band or not at all.
        """
        caller = _Undoing(wanted_by)
        left = len(changes) if most is None else most
        done: list[Change] = []
        undoings: list[int | None] = []
        for change in changes:
            if left <= 0:
                break
            try:
                async with self._one_at_a_time:
                    undoings.append(await self._undo(change.id, caller))
            except ToolError as error:
                stopped = f"Change {change.id} ({change.tool}) was not undone: {error}"
                return Undone(tuple(done), stopped, tuple(undoings))
            done.append(change)
            left -= change.state == "done" or undoings[-1] is not None
        return Undone(tuple(done), None, tuple(undoings))

    async def _undo(self, change_id: int, caller: Caller) -> int | None:
        """Gives the number of the undoing, None where there was nothing left to do."""
        change = await self._journal.get(change_id)
        if change is None:
            raise ToolError("it is not in the journal any more.")
        tool, undo = _usable(change, self._registry.tool(change.tool))
        undoing = await self._restore(change, tool, undo, caller)
        await self._journal.undone(change.id)
        return undoing

    async def _restore(self, change: Change, tool: Tool, undo: Undo, caller: Caller) -> int | None:
        """As a call of its own through the onion. Compares as late as it can: right before it restores."""
        raw = encode(change.arguments)
        number: int | None = None

        async def invoke(context: Context, arguments: object) -> str:
            nonlocal number

            async def look(result: Json) -> Json:
                return await snapshot_of(undo, context, arguments, change.result)

            now = await look(None)
            if now == change.before:
                return f"change {change.id}: all is as before"
            _compare(change, now)
            number = await self._journal.begin(tool.plugin, tool.name, UNDO_PRINCIPAL, raw, now, undoes=change.id)
            await noted(
                self._journal, number, now, look,
                lambda: undo.restore(context, arguments, change.result, change.before), lambda _: change.result,
            )  # fmt: skip
            restored = await look(None)
            if restored != change.before:
                raise ToolError(
                    "it was put back, but is not quite as it was before.", hint=f"It is now {_shown(restored)}."
                )
            return f"undid change {change.id}"

        undoing = structs.replace(
            tool, name=f"{UNDOING}{tool.name}", invoke=invoke, render=_as_text, undo="impossible", effect="write",
            idempotent=False,
        )  # fmt: skip
        await self._handler(Call(undoing, raw, caller, self._context(tool, caller)))
        return number


def _usable(change: Change, tool: Tool | None) -> tuple[Tool, Undo]:
    """The tool that made the change, and how it undoes. Raises ToolError where the world does not even matter."""
    if change.state == "undone":
        raise ToolError("it was undone already.")
    if change.redacted:
        raise ToolError("a secret was part of it, and secrets are not written down.", hint="Change it back by hand.")
    if tool is None or tool.plugin != change.plugin:
        raise ToolError(f"{change.tool} is not on offer now.", hint=f"Switch the plugin {change.plugin} on first.")
    if not isinstance(tool.undo, Undo):
        raise ToolError(f"{change.tool} cannot be undone any more.")
    return tool, tool.undo


def _as_text(value: str) -> ToolResult:
    return ToolResult(structured={"undone": value})


def _compare(change: Change, now: Json) -> None:
    if change.state == "done":
        if now != change.after:
            raise ChangedSince(
                f"it has been changed again since. It is now {_shown(now)}.",
                hint="Undo the later change first, or change it by hand.",
            )
        return
    how = "the program ended in the middle of it" if change.state == "begun" else "it failed or was stopped midway"
    raise ChangedSince(
        f"{how}, and things are not as before: they are now {_shown(now)}.",
        hint=f"Nobody noted what it did. Before, it was {_shown(change.before)}. Change it by hand.",
    )


def _shown(value: Json) -> str:
    text = encode(value).decode()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
