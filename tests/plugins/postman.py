"""A plugin that brings text which somebody else wrote, and can act on it: for tests of text from outside."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from mcp_agent import Context, Message, PluginInfo, Text, ToolError, hookimpl, prompt, resource, tool

letters: dict[str, str] = {}
"""What ``post_read`` brings, by name."""
sent: list[Any] = []
"""What was done."""


@tool(effect="read", origin="mail")
async def post_read(name: str) -> str:
    """A letter."""
    return letters[name]


@tool(effect="read", origin="mail")
async def post_parsed(name: str) -> dict[str, Any]:
    """A letter in parts."""
    return {"body": [letters[name]], "he\u200bad": name}


@tool(effect="read", origin="mail", cache=3600)
async def post_cached(name: str) -> str:
    """A letter that is read once."""
    sent.append("fetched")
    return letters[name]


@tool(effect="read", origin="mail")
async def post_refused(name: str) -> str:
    """A letter that comes as an error."""
    raise ToolError(letters[name])


@tool(effect="read")
async def post_own(name: str) -> str:
    """Our own words."""
    return letters[name]


@tool(effect="read")
async def post_find(what: Any) -> str:
    """Look something up."""
    sent.append(what)
    return "found"


@tool(effect="write")
async def post_answer(what: Any) -> str:
    """Answer a letter."""
    sent.append(what)
    return "sent"


@tool(effect="destructive")
async def post_burn(what: Any) -> str:
    """Burn a letter."""
    sent.append(what)
    return "burnt"


@tool(effect="read", origin="mail")
async def post_slow(ctx: Context, name: str) -> str:
    """A letter that takes its time: it goes on in the background at once."""
    await ctx.detach()
    return letters[name]


async def names(ctx: Context, value: str, others: Mapping[str, str]) -> list[str]:
    """Senders chose these names. One waits for ever."""
    if value == "slow":
        await asyncio.Event().wait()
    sent.append(f"completed {value} {dict(others)}")
    return [name for name in letters if name.startswith(value)]


def stamps_there_are(ctx: Context, value: str, others: Mapping[str, str]) -> Iterable[str]:
    """Without end, and the third is longer than anybody would pick."""
    return (value + ("x" * 100_000 if number == 2 else str(number)) for number in itertools.count())


@resource("post://letters/{name}", origin="mail", complete={"name": names})
async def letter(ctx: Context, name: str) -> str | None:
    """A letter."""
    if name == "torn":
        raise RuntimeError("torn in two")
    return letters.get(name)


@resource("post://stamps")
async def stamps() -> str:
    """Our own stamps."""
    return "two"


@prompt(complete={"name": names, "stamp": stamps_there_are})
async def post_reply(name: str) -> list[Message]:
    """Reply to a letter."""
    return [
        Message(role="user", content=Text(text=letters[name])),
        Message(role="assistant", content=Text(text="Dear")),
    ]


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(prefix="post")


@hookimpl
def mcp_agent_tools() -> list[object]:
    return [post_read, post_parsed, post_cached, post_refused, post_own, post_find, post_answer, post_burn, post_slow]


@hookimpl
def mcp_agent_resources() -> list[object]:
    return [letter, stamps]


@hookimpl
def mcp_agent_prompts() -> list[object]:
    return [post_reply]
