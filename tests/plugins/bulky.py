"""A plugin whose results are large, and tools that take what others gave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from mcp_agent import Context, Image, Text, ToolError, ToolResult, Undo, hookimpl, tool


class Row(Struct, frozen=True):
    id: int
    name: str
    price: float


class Table(Struct, frozen=True):
    title: str
    rows: list[Row]


kept: list[Row] = []
"""What the sheet holds."""


@tool(effect="read")
async def bulky_table(rows: int) -> Table:
    """A table."""
    return Table("Prices", [Row(number, f"Item {number}", number * 1.5) for number in range(rows)])


@tool(effect="read")
async def bulky_text(lines: int, picture: bool = False) -> ToolResult:
    """A long text, and a picture beside it."""
    text = "\n".join(f"line {number} of the log" for number in range(lines))
    pictures = (Image(data="AAAA", mime_type="image/png"),) if picture else ()
    return ToolResult(content=(Text(text=text), *pictures))


@tool(effect="read", origin="web")
async def bulky_page(words: int) -> str:
    """What somebody else wrote."""
    return " ".join(f"stranger{number}" for number in range(words))


@tool(effect="read")
async def bulky_fail(words: int) -> str:
    """Fail at length."""
    raise ToolError("It did not work. " * words)


async def _before(ctx: Context, arguments: Any, result: Any) -> Any:
    return len(kept)


async def _restore(ctx: Context, arguments: Any, result: Any, snapshot: Any) -> None:
    del kept[snapshot:]


@tool(effect="write", undo=Undo(_before, _restore))
async def bulky_write_sheet(rows: list[Row], note: str = "") -> int:
    """Put rows into a sheet. Gives how many there are."""
    kept.extend(rows)
    return len(kept)


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return [bulky_table, bulky_text, bulky_page, bulky_fail, bulky_write_sheet]
