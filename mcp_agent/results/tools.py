"""Tools for reading what a handle stands for, in parts that a model can take."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, PluginInfo, ToolError, hookimpl, resource, tool
from mcp_agent.expressions import expression
from mcp_agent.jsonio import encode
from mcp_agent.model import Json
from mcp_agent.results.shape import main_list, text_head
from mcp_agent.store.results import HANDLE
from mcp_agent.tokens import tokens

_BUDGET = 1500
"""Tokens of one page: less than what is shortened itself."""

Handle = Annotated[str, Field(f"{HANDLE}... as it was given; #/rows at its end for a part.", max_length=500)]
Offset = Annotated[int, Field("How many to skip: 'next' of the page before.", ge=0)]


class Page(Struct, frozen=True, omit_defaults=True):
    """``items`` of a list, or lines of a text. ``total`` of them there are; ``next`` is the offset of the next page."""

    items: list[Any]
    total: int
    next: int | None = None


class Match(Struct, frozen=True):
    """``at`` is its place in the list, or its line, from 0."""

    at: int
    item: Any


class Matches(Struct, frozen=True, omit_defaults=True):
    """``total`` is how many there are in all; ``next`` is the offset of the next page."""

    matches: list[Match]
    total: int
    next: int | None = None


async def _origin_of_uri(ctx: Context, uri: str) -> str | None:
    """That of the tool that gave it: read by parts, or in another session, it is as little to be trusted."""
    return await ctx.agent.result_origin(uri, ctx.principal)


async def _origin(ctx: Context, arguments: Any) -> str | None:
    return await _origin_of_uri(ctx, arguments.handle)


@tool(
    effect="read", origin=_origin,
    examples=[
        "show the rest of that result", "next page of the rows", "read on in the long result",
        "the result was cut off, show me more of it", "read the long output part by part",
        "the next hundred rows of that result", "the answer was too long, read on", "show me more of that long output",
        "the next page of the long result",
    ],
)  # fmt: skip
async def result_read(ctx: Context, handle: Handle, offset: Offset = 0) -> Page:
    """Read a large result that is kept, page by page: items of its list, or lines of its text."""
    items = _items(await ctx.agent.result(handle, ctx.principal))
    shown, following = _page(items, offset)
    return Page(shown, len(items), following)


@tool(
    effect="read", origin=_origin,
    examples=[
        "which of those rows mention Berlin", "search that long output for errors", "find a word in that long result",
        "only the lines of the output that mention a warning", "search the large result for a name",
        "does the word come up in that long output", "does the long output contain this word",
        "find the lines that match in the large output", "search within the result you just got",
    ],
)  # fmt: skip
async def result_grep(
    ctx: Context,
    handle: Handle,
    pattern: Annotated[str, Field("A regular expression (RE2); case does not matter.", min_length=1, max_length=1000)],
    offset: Offset = 0,
) -> Matches:
    """Search a large result that is kept: items of its list, or lines of its text, that match a pattern."""
    value = await ctx.agent.result(handle, ctx.principal)
    found: list[Match] = await ctx.in_thread(lambda: _matching(_items(value), pattern))
    shown, following = _page(found, offset)
    return Matches(shown, len(found), following)


@tool(
    effect="read", origin=_origin,
    examples=[
        "only the names from that result", "the rows whose price is above 100 in that result",
        "one column of the result", "just the ids from that large result",
        "pick one field from every entry of the result", "only the third entry of that result",
        "from that result only the entries with status open", "only two columns from the large result",
        "give me only the addresses from those results",
    ],
)  # fmt: skip
async def result_query(
    ctx: Context,
    handle: Handle,
    path: Annotated[str, Field("JSONPath (RFC 9535): $.rows[?@.price > 100].name", min_length=1, max_length=1000)],
    offset: Offset = 0,
) -> Page:
    """Pick parts of a large result that is kept, by a JSON path."""
    value = await ctx.agent.result(handle, ctx.principal)
    if isinstance(value, str):
        raise ToolError("This result is text, which has no parts.", hint="result_grep searches it.")
    found: list[Any] = await ctx.in_thread(lambda: _picked(value, path))
    shown, following = _page(found, offset)
    return Page(shown, len(found), following)


@resource(HANDLE + "{id}", title="A large result", mime_type="application/json", origin=_origin_of_uri)
async def result(ctx: Context, id: str) -> Json:
    """A large result that is kept, whole. For programs: a model should read it page by page."""
    return await ctx.agent.result(HANDLE + id, ctx.principal)


def _items(value: Json) -> list[Any]:
    if isinstance(value, str):
        return value.splitlines()
    found = main_list(value)
    return [value] if found is None else found[1]


def _page(items: Sequence[Any], offset: int) -> tuple[list[Any], int | None]:
    """What fits from an offset on, and the offset after it. An item that is too long alone is shown cut."""
    left, shown = _BUDGET, list[Any]()
    for item in items[offset:]:
        left -= _cost(item) + 1
        if left < 0:
            break
        shown.append(item)
    if not shown and offset < len(items):
        text = items[offset] if isinstance(items[offset], str) else encode(items[offset]).decode()
        shown = [text_head(text, _BUDGET - 100) + "..."]
    following = offset + len(shown)
    return shown, following if following < len(items) else None


def _cost(item: Any) -> int:
    text = item if isinstance(item, str) else encode(item).decode()
    return tokens(text) if len(text) < _BUDGET * 8 else _BUDGET


def _matching(items: Iterable[Any], pattern: str) -> list[Match]:
    search = expression(pattern, any_case=True).search
    texts = ((item if isinstance(item, str) else encode(item).decode(), item) for item in items)
    return [Match(at, item) for at, (text, item) in enumerate(texts) if search(text)]


def _picked(value: Json, path: str) -> list[Any]:
    from mcp_agent.results.picking import pick

    return pick(value, path)


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(title="Results", description="Large results, read in parts.", prefix="result")


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return [result_read, result_grep, result_query]


@hookimpl
def mcp_agent_resources() -> Sequence[Callable[..., Any]]:
    return [result]
