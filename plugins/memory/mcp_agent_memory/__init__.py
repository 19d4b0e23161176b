"""What the assistant should know next time: facts in SQLite on this machine, found again by words, meaning and time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, Folder, PluginInfo, Scene, hookimpl
from mcp_agent_memory import demo, offers
from mcp_agent_memory.store import facts, uses
from mcp_agent_memory.store.schema import database
from mcp_agent_memory.tools import forget, graph, merge, overview, recall, remember, transfer, update


class Settings(Struct, frozen=True):
    folders: Annotated[
        tuple[Folder, ...], Field("Folders for memory_export and memory_import. Empty: the usual ones.")
    ] = ()


@hookimpl
def mcp_agent_config() -> type[Settings]:
    return Settings


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(title="Memory", description="Facts that outlive a conversation, on this machine.")


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return [
        remember.memory_remember, recall.memory_recall, update.memory_update, forget.memory_forget, merge.memory_merge,
        graph.memory_relate, graph.memory_get_entity, overview.memory_recent, overview.memory_timeline,
        overview.memory_summary, recall.memory_explain, transfer.memory_export, transfer.memory_import,
    ]  # fmt: skip


@hookimpl
def mcp_agent_resources() -> Sequence[Callable[..., Any]]:
    return [offers.memory_fact, offers.memory_newest, offers.memory_today, offers.memory_entity]


@hookimpl
def mcp_agent_prompts() -> Sequence[Callable[..., Any]]:
    return [offers.memory_start, offers.memory_end]


@hookimpl
async def mcp_agent_shutdown(ctx: Context) -> None:
    """Write down what was asked for last."""
    if ctx.state is not None:
        await uses.flush(ctx, ctx.state.uses)


@hookimpl
async def mcp_agent_health(ctx: Context) -> str:
    count = await database(ctx).read(facts.count)
    return "1 fact." if count == 1 else f"{count} facts."


@hookimpl
def mcp_agent_demo() -> Sequence[Scene]:
    return [Scene("It remembers", demo.remembers)]
