"""A plugin that wants to be set up: it looks for a kettle, asks for settings and secrets, and tells what it got."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from mcp_agent import Context, Finding, Setup, ToolError, hookimpl, tool


class Settings(Struct, frozen=True):
    url: Annotated[str, Meta(description="Where the kettle is.")] = ""
    degrees: Annotated[int, Meta(description="How hot, in degrees Celsius.", ge=20, le=100)] = 95
    rooms: Annotated[tuple[str, ...], Meta(description="Rooms it may be in.")] = ()
    quiet: bool = False
    sound: Literal["whistle", "beep"] = "whistle"
    manual: Path = Path("manual.pdf")
    cups: dict[str, int] = {}


@tool(effect="read")
async def settled_pour(ctx: Context) -> str:
    """Pour some tea."""
    return "tea"


def find() -> Iterator[Finding]:
    yield Finding("A kettle at kettle.local", {"url": "http://kettle.local", "quiet": True})
    yield Finding("One that its own settings do not take", {"degrees": 900})
    yield Finding("A kettle on this machine", {"url": "http://127.0.0.1"})
    yield Finding("Cups beside it", {"cups": {"green": 2}})


@hookimpl
def mcp_agent_config() -> type[Settings]:
    return Settings


@hookimpl
def mcp_agent_tools() -> list[Any]:
    return [settled_pour]


@hookimpl
def mcp_agent_setup() -> Setup:
    secrets = {"token": "It stands under the kettle.", "spare": "For the other one."}
    return Setup(ask=("url", "degrees", "rooms", "manual"), secrets=secrets, find=find)


@hookimpl
async def mcp_agent_health(ctx: Context) -> str:
    token = await ctx.secrets.get("token")
    if token is None:
        raise ToolError("It has no token.")
    return f"{ctx.config.url}, {ctx.config.degrees} degrees, {len(token.reveal())} characters"
