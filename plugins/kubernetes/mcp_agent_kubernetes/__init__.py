"""Kubernetes: what is in a cluster, why something does not run, and changing it where a person switched that on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from mcp_agent import Context, Finding, PluginInfo, Setup, ToolError, hookimpl
from mcp_agent_kubernetes.clusters import Clusters
from mcp_agent_kubernetes.kubeconfig import reading
from mcp_agent_kubernetes.settings import Settings
from mcp_agent_kubernetes.tools import (
    applying,
    contexts,
    deleting,
    describing,
    diagnosing,
    events,
    logs,
    looking,
    ports,
    rollouts,
    scaling,
    top,
)

TOOLS: Sequence[Callable[..., Any]] = (
    contexts.k8s_contexts,
    looking.k8s_list,
    looking.k8s_get,
    describing.k8s_describe,
    logs.k8s_logs,
    events.k8s_events,
    top.k8s_top,
    ports.k8s_port_check,
    diagnosing.k8s_diagnose,
    rollouts.k8s_rollout_status,
    applying.k8s_diff,
    applying.k8s_apply,
    scaling.k8s_scale,
    rollouts.k8s_rollout,
    deleting.k8s_delete,
    deleting.k8s_delete_forever,
)


def _find() -> Iterator[Finding]:
    for path in reading.paths_of(""):
        try:
            found = reading.read((path,))
        except ToolError:  # what is not there, or is no kubeconfig, is not offered
            continue
        names = ", ".join(sorted(found.contexts)[:5])
        yield Finding(f"A kubeconfig at {path} with {len(found.contexts)} contexts: {names}", {"kubeconfig": str(path)})


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(
        title="Kubernetes", description="Clusters: what is in them, why something does not run, changes.", prefix="k8s"
    )


@hookimpl
def mcp_agent_config() -> type[Struct]:
    return Settings


@hookimpl
def mcp_agent_setup() -> Setup:
    return Setup(find=_find)


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return TOOLS


@hookimpl
async def mcp_agent_startup(ctx: Context) -> None:
    """Nothing is read or connected here: a cluster that is off must not keep the plugin from starting."""
    ctx.state = Clusters(ctx)


@hookimpl
async def mcp_agent_health(ctx: Context) -> str:
    clusters: Clusters = ctx.state
    try:
        config = await clusters.config()
    except ToolError as error:
        if ctx.config.kubeconfig:
            raise
        return str(error)  # nobody asked for a cluster: then having none is no fault
    if not config.current:
        return f"{len(config.contexts)} contexts, none of them current."
    cluster = await clusters.get("")
    version = (await cluster.get("/version", "tell its version")).get("gitVersion")
    how = "writable" if cluster.writable else "only read"
    return f"{len(config.contexts)} contexts; {cluster}: Kubernetes {version}, {how}."
