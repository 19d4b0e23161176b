"""The next best answer when the other side fails, and never without saying that it is one."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from mcp_agent.config import ReliabilitySettings
from mcp_agent.errors import ToolError, ToolTimeout, Unavailable, UpstreamError
from mcp_agent.model import DEGRADED, Clock, Static, Text, Tool, ToolResult
from mcp_agent.pipeline import Handler, Only, Stage
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.identity import Identity
from mcp_agent.store.cache import Answers
from mcp_agent.store.epochs import Epochs
from mcp_agent.store.packing import pack, unpack

_TOKEN = 8


def fallback(
    settings: ReliabilitySettings,
    clock: Clock,
    answers: Answers,
    epochs: Epochs,
    identity: Identity,
    find: Callable[[str], Tool | None],
    run: Handler,
) -> Stage:
    """For tools that declare one. ``find`` gives a tool by name; ``run`` is the whole onion: a tool that stands in
    for another is checked, limited and written down as if it had been called itself."""

    async def covered(call: Call, inner: Handler) -> ToolResult:
        epoch = epochs.of(call.tool.plugin)
        try:
            result = await inner(call)
        except (UpstreamError, ToolTimeout, Unavailable) as error:
            instead = await next_best(call, str(error))
            if instead is None:
                raise
            return instead
        if call.tool.fallback == "stale" and not (result.is_error or result.degraded):
            key, packed = last_good(call), pack(result)
            if key is not None and packed is not None:
                answers.put(key, epoch + packed, settings.stale_seconds)
        return result

    async def next_best(call: Call, reason: str) -> ToolResult | None:
        declared = call.tool.fallback
        if isinstance(declared, Static):
            return marked(
                call.tool.render(declared.value), "This is a ready answer, not a fresh one.", "static", reason
            )
        if declared == "stale":
            return await stale(call, reason)
        other = find(declared) if declared else None
        if other is None or other.plugin != call.tool.plugin or not other.only_reads:
            return None
        try:
            result = await run(Call(other, call.raw, call.caller, call.context))
        except ToolError:  # what went wrong first says more
            return None
        if result.is_error:
            return None
        return marked(result, f"This is from {other.name}, in place of {call.tool.name}.", other.name, reason)

    async def stale(call: Call, reason: str) -> ToolResult | None:
        key = last_good(call)
        kept = await answers.find(key, settings.stale_seconds) if key is not None else None
        if kept is None:
            return None
        age = max(0.0, clock.time() - kept.made)
        note = f"This is what was known {_in_words(age)} ago."
        if kept.answer[:_TOKEN] != epochs.of(call.tool.plugin):
            note += " Something was changed through the same plugin since then."
        return marked(unpack(kept.answer[_TOKEN:]), note, "stale", reason, age)

    def last_good(call: Call) -> bytes | None:
        same = identity(call)
        return None if same is None else same + b"stale"

    return Only(lambda tool: tool.fallback is not None, covered)


def marked(result: ToolResult, note: str, source: str, reason: str, age: float | None = None) -> ToolResult:
    """The same result, saying that it is degraded, where it is from, why, and how many seconds old it is."""
    degraded = {"source": source, "reason": reason} | ({} if age is None else {"age": round(age, 3)})
    return msgspec.structs.replace(
        result,
        content=(Text(text=f"{note} {reason}"), *result.content),
        meta={**(result.meta or {}), DEGRADED: degraded},
    )


def _in_words(seconds: float) -> str:
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count = int(seconds // size)
        if count:
            return f"{count} {unit}{'s' * (count > 1)}"
    return "a moment"
