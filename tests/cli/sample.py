"""A plugin for these tests: its tools give back what they got, fail, print, or wait."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from mcp_agent import Context, Field, Image, PluginInfo, ResourceLink, ToolError, ToolResult, hookimpl, tool


class Settings(msgspec.Struct, frozen=True):
    greeting: Annotated[str, msgspec.Meta(description="What to say first.")] = "Hello"
    times: Annotated[int, msgspec.Meta(description="How often.", ge=1, le=9)] = 1
    folder: Path = Path("music")


@tool(effect="read")
async def sample_kinds(
    text: str = "",
    whole: int = 0,
    number: float = 0.0,
    yes: bool = False,
    names: list[str] | None = None,
    counts: list[int] | None = None,
    table: dict[str, Any] | None = None,
    choice: Literal["left", "right"] | None = None,
    either: int | str = 0,
) -> dict[str, Any]:
    """Give all arguments back. They are not touched."""
    return {
        "text": text, "whole": whole, "number": number, "yes": yes, "names": names, "counts": counts,
        "table": table, "choice": choice, "either": either,
    }  # fmt: skip


@tool(effect="write", idempotent=True, timeout=5)
async def sample_greet(ctx: Context, name: Annotated[str, Field("Who is greeted")]) -> str:
    """Greet somebody."""
    return " ".join([f"{ctx.config.greeting}, {name}!"] * ctx.config.times)


@tool(effect="read")
async def sample_who(ctx: Context) -> str:
    """Say who called."""
    return ctx.principal


@tool(effect="read")
async def sample_list() -> list[int]:
    """Give a list."""
    return [1, 2]


@tool(effect="read")
async def sample_refuse() -> str:
    """Refuse."""
    raise ToolError("The door is locked.", hint="Knock.")


@tool(effect="read")
async def sample_bug() -> str:
    """Fail with a bug."""
    raise ZeroDivisionError("a secret")


@tool(effect="read")
async def sample_unhappy() -> ToolResult:
    """Give a result that says it is an error."""
    from mcp_agent import Text

    return ToolResult(content=(Text(text="No luck."),), is_error=True)


@tool(effect="read")
async def sample_picture() -> list[Image | ResourceLink]:
    """Give a picture and a link."""
    return [Image(data=b"\x89PNG", mime_type="image/png"), ResourceLink(uri="file:///a", name="a")]


@tool(effect="read")
async def sample_noise() -> str:
    """Print, as careless libraries do."""
    print("noise")  # noqa: T201
    return "signal"


@tool(effect="read")
async def sample_wait() -> None:
    """Never end."""
    print("waiting", flush=True)  # noqa: T201
    await asyncio.Event().wait()


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(title="Sample", description="Tools for the tests of the command line.")


@hookimpl
def mcp_agent_config() -> type[Settings]:
    return Settings


@hookimpl
def mcp_agent_tools() -> list[Any]:
    return [
        sample_kinds, sample_greet, sample_who, sample_list, sample_refuse, sample_bug, sample_unhappy,
        sample_picture, sample_noise, sample_wait,
    ]  # fmt: skip
