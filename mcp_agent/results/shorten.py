"""A result that is too large for a model becomes its beginning, its shape and a handle."""

from __future__ import annotations

from msgspec import UNSET, Raw, structs

from mcp_agent.config import ResultSettings
from mcp_agent.jsonio import encode
from mcp_agent.model import Caller, Json, Text, Tool, ToolResult
from mcp_agent.results.shape import head, main_list, shape, text_head
from mcp_agent.store.results import Results
from mcp_agent.tokens import tokens

META = "mcp-agent/result"
"""Key in a result's meta: where the whole is kept, and what it would cost."""
_HEAD = 0.7
"""The part of the budget that the beginning may take; the rest is for its shape and what can be done."""
_LONG = 8
"""Characters that no token has: a text of so many a token is over the budget without counting."""


class Shortener:
    """For results on their way to a model. Programs and people get them whole."""

    def __init__(self, results: Results, settings: ResultSettings) -> None:
        self._results = results
        self._budget = settings.budget_tokens

    def too_large(self, result: ToolResult) -> bool:
        """Quick for the usual small result: no token has less than a character."""
        length = 0
        for block in result.content:
            if type(block) is Text:
                length += len(block.text)
        if length <= self._budget:
            return False
        return length > self._budget * _LONG or tokens(_text(result)) > self._budget

    async def shorten(self, result: ToolResult, tool: Tool, caller: Caller) -> ToolResult:
        """Keep the whole, and give what a model should see. Pictures and links stay as they are."""
        data, text = result.data, _text(result)
        body = text.encode(errors="replace") if data is None else encode(data)
        handle = await self._results.keep(caller.principal, tool.name, result.origin, body, json=data is not None)
        spent = tokens(text) if len(text) < 1_000_000 else len(text) // 4
        room = int(self._budget * _HEAD)
        if data is None:
            begins: str = text_head(text, room)
            structured: Json = UNSET
        else:
            short = head(data, room)
            structured = Raw(encode(short))
            begins = bytes(structured).decode()
        others = tuple(block for block in result.content if not isinstance(block, Text))
        note = Text(text=f"{begins}\n\n{self._note(handle, data, text, spent)}")
        about = {"tokens": spent} if handle is None else {"tokens": spent, "uri": handle}
        meta = {**(result.meta or {}), META: about}
        return structs.replace(result, content=(note, *others), structured=structured, meta=meta)

    def brief(self, text: str) -> str:
        """The beginning of an error that is too long. Nothing of it is kept: there is nothing to read on."""
        return text if len(text) <= self._budget else text_head(text, self._budget)

    def _note(self, handle: str | None, data: Json, text: str, spent: int) -> str:
        what = f"{text.count(chr(10)) + 1:,} lines" if data is None else shape(data)
        said = f"[Only the beginning. The whole would be {spent:,} tokens: {what}."
        if handle is None:
            return f"{said} It is too large to be kept: ask for less.]"
        found = None if data is None else main_list(data)
        part = f" ({handle}#{found[0]} is its list)" if found is not None and found[0] else ""
        return (
            f"{said} It is kept for a while as {handle}: result_read pages through it, result_grep searches it, "
            f"result_query picks parts. Other tools take the handle as an argument in place of the data{part}.]"
        )


def _text(result: ToolResult) -> str:
    return "\n".join(block.text for block in result.content if isinstance(block, Text))
