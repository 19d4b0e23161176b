"""A plugin whose tools run other tools: for tests of calls within calls."""

from __future__ import annotations

from typing import Any

from mcp_agent import Context, PluginInfo, Undo, UpstreamError, hookimpl, tool

shelf: dict[str, str] = {}
"""What ``relay_put`` put away, by name."""
answered: list[str] = []
"""What became of each question, in order."""


async def _kept(ctx: Context, arguments: Any, result: Any) -> str | None:
    return shelf.get(arguments.name)


async def _put_back(ctx: Context, arguments: Any, result: Any, before: str | None) -> None:
    shelf.pop(arguments.name, None)
    if before is not None:
        shelf[arguments.name] = before


@tool(effect="write", undo=Undo(_kept, _put_back))
async def relay_put(name: str, text: str) -> str:
    """Put a text away."""
    shelf[name] = text
    return name


@tool(effect="read")
async def relay_ask(ctx: Context) -> str:
    """Ask the person."""
    return (await ctx.elicit("Within?")).action


@tool(effect="read", calls=["relay_put"])
async def relay_pass(ctx: Context, text: str = "ours") -> str:
    """Put something away by way of another tool."""
    return (await ctx.call("relay_put", {"name": "it", "text": text})).text


@tool(effect="read", origin="web", calls=["relay_put"])
async def relay_pass_page(ctx: Context) -> str:
    """The same with the text of a stranger, which the caller never saw."""
    return (await ctx.call("relay_put", {"name": "it", "text": "theirs"})).text


@tool(effect="read", calls=["relay_ask"])
async def relay_ask_twice(ctx: Context) -> list[str]:
    """Two questions, one of them asked by another tool."""
    own = (await ctx.elicit("Outside?")).action
    answered[:] = [own, (await ctx.call("relay_ask", {})).text]
    return answered


@tool(effect="read", calls=["relay_gone", "relay_around"])
async def relay_wrong(ctx: Context, name: str) -> str:
    """Call a tool that is not there, was not declared, or leads back here."""
    return (await ctx.call(name, {})).text


@tool(effect="read", calls=["relay_wrong"])
async def relay_around(ctx: Context) -> str:
    """Go round in a circle."""
    return (await ctx.call("relay_wrong", {"name": "relay_around"})).text


@tool(effect="write", undo="impossible")
async def relay_send() -> str:
    """Send something to where nobody says whether it came."""
    answered.append("sent")
    raise UpstreamError("there was no answer", host="far.example", sent=True)


@tool(effect="read", calls=["relay_send"])
async def relay_send_on(ctx: Context) -> str:
    """The same by way of another tool."""
    return (await ctx.call("relay_send", {})).text


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(prefix="relay")


@hookimpl
def mcp_agent_tools() -> list[object]:
    return [relay_put, relay_ask, relay_pass, relay_pass_page, relay_ask_twice, relay_wrong, relay_around,
            relay_send, relay_send_on]  # fmt: skip
