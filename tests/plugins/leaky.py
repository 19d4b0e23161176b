"""A plugin that gives its secrets away in every way there is: for the test that none gets out."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import sys
import threading
from urllib.parse import quote, quote_plus

from mcp_agent import (
    Context,
    Embedded,
    Image,
    PluginInfo,
    Text,
    ToolError,
    ToolResult,
    Undo,
    hookimpl,
    prompt,
    resource,
    tool,
)
from mcp_agent.model import Json, ResourceContents

if os.environ.get("LEAKY_UNREDACTED"):  # the counter-proof: everything is as ever, but nothing is found
    from mcp_agent.vault.search import Search

    Search.suspects = lambda self, data: False  # type: ignore[method-assign]

log = logging.getLogger("somebody.elses.library")
kept: set[asyncio.Task[None]] = set()


async def secret(ctx: Context, n: int) -> str:
    return (await ctx.secrets.require(f"token{n}")).reveal()


def forms(value: str) -> dict[str, str]:
    return {
        "raw": value,
        "basic": base64.b64encode(f"u:{value}".encode()).decode(),
        "url_safe": base64.urlsafe_b64encode(f"{value}?".encode()).decode(),
        "url": quote(value, safe=""),
        "form": quote_plus(value),
        "hex": value.encode().hex(),
        "json": json.dumps({"inner": json.dumps({"token": value})}),
        "repr": repr(value),
    }


@tool(effect="read")
async def leaky_give(ctx: Context, n: int) -> dict[str, str]:
    """All forms, as structured content."""
    return forms(await secret(ctx, n))


@tool(effect="read")
async def leaky_content(ctx: Context, n: int) -> ToolResult:
    """Every kind of content, and meta."""
    value = await secret(ctx, n)
    inside = ResourceContents(uri=f"leaky://{quote(value, safe='')}", text=f"text {value}")
    return ToolResult(
        content=(Text(text=value), Embedded(resource=inside), Image(data=value.encode(), mime_type="image/png")),
        structured={value: [1, {"deep": value}]},
        meta={"x/token": forms(value)},
    )


@tool(effect="read")
async def leaky_fail(ctx: Context, n: int) -> str:
    """Fail in words."""
    value = await secret(ctx, n)
    raise ToolError(f"refused: {value}", hint=f"not {json.dumps(value)}")


@tool(effect="read")
async def leaky_bug(ctx: Context, n: int) -> str:
    """Fail with a bug that names it."""
    raise KeyError(await secret(ctx, n))


@tool(effect="read")
async def leaky_say(ctx: Context, n: int) -> str:
    """Log it, print it, report it."""
    value = await secret(ctx, n)
    ctx.log("warning", {"token": value})
    log.error("tried %s", value, extra={"headers": forms(value)})
    log.debug("%r", forms(value))
    print("printed", value)  # noqa: T201
    print(value, "on stderr", file=sys.stderr)  # noqa: T201
    ctx.progress(1, 2, f"with {value}")
    return "said"


@tool(effect="read")
async def leaky_ask(ctx: Context, n: int) -> str:
    """Ask with it."""
    return (await ctx.elicit(f"Is it {await secret(ctx, n)}?")).action


@tool(effect="read", task="always")
async def leaky_job(ctx: Context, n: int) -> str:
    """Go on in the background."""
    value = await secret(ctx, n)
    ctx.progress(1, 2, f"job with {value}")
    return value


@tool(effect="read", cache=3600)
async def leaky_cached(ctx: Context, n: int) -> dict[str, str]:
    """An answer that is kept."""
    return forms(await secret(ctx, n))


async def _snapshot(ctx: Context, arguments: object, result: Json) -> Json:
    value = await secret(ctx, arguments.n)  # type: ignore[attr-defined]
    return {"then": value, "now": result}


async def _restore(ctx: Context, arguments: object, result: Json, snapshot: Json) -> None:
    raise KeyError(snapshot["then"])


@tool(effect="write", undo=Undo(_snapshot, _restore))
async def leaky_change(ctx: Context, n: int, note: str = "") -> str:
    """Change something, with snapshots."""
    return f"changed {await secret(ctx, n)} {note}"


async def _preview(ctx: Context, n: int) -> str:
    return f"It sends {await secret(ctx, n)}."


@tool(effect="destructive", preview=_preview)
async def leaky_send(ctx: Context, n: int) -> str:
    """Ask a person in words that hold it."""
    return await secret(ctx, n)


@tool(effect="destructive")
async def leaky_burn(n: int, note: str) -> str:
    """Ask a person about arguments that hold it."""
    return note


@tool(effect="read")
async def leaky_leave(ctx: Context, n: int) -> str:
    """Leave a task and a thread behind that speak at the very end."""
    value = await secret(ctx, n)

    async def dying() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise KeyError(value)

    kept.add(asyncio.get_running_loop().create_task(dying()))
    end = threading.main_thread()
    threading.Thread(target=lambda: (end.join(), print("last words", value)), name="last").start()  # noqa: T201
    await asyncio.sleep(0)
    return "left"


@resource("leaky://secret/{n}", complete={"n": lambda ctx, value, others: _complete(ctx)})
async def leaky_resource(ctx: Context, n: int) -> str:
    """A resource."""
    return json.dumps(forms(await secret(ctx, n)))


@prompt(complete={"n": lambda ctx, value, others: _complete(ctx)})
async def leaky_prompt(ctx: Context, n: int) -> str:
    """A prompt."""
    return f"Use {await secret(ctx, n)}"


async def _complete(ctx: Context) -> list[str]:
    return [await secret(ctx, n) for n in range(10)]


@hookimpl
async def mcp_agent_health(ctx: Context) -> str:
    raise ToolError(f"The service refuses {await secret(ctx, 0)}")


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(prefix="leaky")


@hookimpl
def mcp_agent_tools() -> list[object]:
    return [
        leaky_give, leaky_content, leaky_fail, leaky_bug, leaky_say, leaky_ask, leaky_job, leaky_cached, leaky_change,
        leaky_send, leaky_burn, leaky_leave,
    ]  # fmt: skip


@hookimpl
def mcp_agent_resources() -> list[object]:
    return [leaky_resource]


@hookimpl
def mcp_agent_prompts() -> list[object]:
    return [leaky_prompt]
