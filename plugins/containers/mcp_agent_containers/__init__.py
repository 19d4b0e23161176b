"""Docker and Podman: what runs, what it says, what it uses; changing it where a person switched that on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from mcp_agent import Context, PluginInfo, Setup, ToolError, hookimpl
from mcp_agent_containers.engines import Engines
from mcp_agent_containers.events import containers_events
from mcp_agent_containers.finding import find
from mcp_agent_containers.settings import Settings
from mcp_agent_containers.tools import composing, executing, images, logs, looking, pruning, running, states, stats

TOOLS: Sequence[Callable[..., Any]] = (
    looking.containers_list,
    looking.containers_inspect,
    images.containers_images,
    logs.containers_logs,
    stats.containers_stats,
    running.containers_run,
    states.containers_start_stop,
    states.containers_remove,
    executing.containers_exec,
    pruning.containers_prune_plan,
    pruning.containers_prune,
    composing.containers_compose_plan,
    composing.containers_compose_apply,
)


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(title="Containers", description="Docker and Podman: what runs, its logs, and changing it.")


@hookimpl
def mcp_agent_config() -> type[Struct]:
    return Settings


@hookimpl
def mcp_agent_setup() -> Setup:
    return Setup(find=find)


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return TOOLS


@hookimpl
def mcp_agent_resources() -> Sequence[Callable[..., Any]]:
    return [containers_events]


@hookimpl
async def mcp_agent_startup(ctx: Context) -> None:
    """Nothing is connected here: an engine that is off must not keep the plugin from starting."""
    ctx.state = Engines(ctx.config)


@hookimpl
async def mcp_agent_shutdown(ctx: Context) -> None:
    if ctx.state is not None:
        await ctx.state.close()


@hookimpl
async def mcp_agent_health(ctx: Context) -> str:
    engines: Engines = ctx.state
    said = []
    for name in engines.names:
        try:
            engine = engines.get(name)
        except ToolError as error:  # only where nothing is configured: then having no engine is no fault
            return str(error)
        with engine.told("tell its version"):
            version = await engine.client.version()
        what = next((one["Name"] for one in version.get("Components") or () if "Engine" in one["Name"]), "Engine")
        said.append(f"{engine}: {what} {version['Version']}, {'writable' if engine.writable else 'read-only'}")
    return "; ".join(said) + "."
