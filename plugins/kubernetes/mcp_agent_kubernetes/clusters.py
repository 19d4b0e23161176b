"""The clusters that the kubeconfig names: one for each context, made when it is first used."""

from __future__ import annotations

import asyncio

from mcp_agent import Context, ToolError
from mcp_agent_kubernetes.cluster import Cluster
from mcp_agent_kubernetes.kubeconfig import reading
from mcp_agent_kubernetes.kubeconfig.reading import Kubeconfig
from mcp_agent_kubernetes.settings import ContextSettings, Settings


class Clusters:
    """All of them, by context. The kubeconfig is read again when it was changed."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._settings: Settings = ctx.config
        self._stamp: tuple[object, ...] | None = None
        self._config: Kubeconfig | None = None
        self._made: dict[str, Cluster] = {}
        self._reading = asyncio.Lock()

    async def config(self) -> Kubeconfig:
        paths = reading.paths_of(self._settings.kubeconfig)
        async with self._reading:
            stamp = await self._ctx.in_thread(lambda: reading.stamp_of(paths))
            if self._config is None or stamp != self._stamp:
                self._config = await self._ctx.in_thread(lambda: reading.read(paths))
                self._stamp = stamp
                self._made = {}
            return self._config

    def settings_of(self, name: str) -> ContextSettings:
        return self._settings.contexts.get(name, ContextSettings())

    async def get(self, name: str) -> Cluster:
        """Empty: the current one. Raises ToolError where there is no such context, or it cannot be used."""
        config = await self.config()
        name = name or config.current
        if not name:
            raise ToolError("The kubeconfig names no current context.", hint=f"Say which: {_listed(config)}.")
        if name not in config.contexts:
            raise ToolError(f"There is no context {name!r}.", hint=f"There are: {_listed(config)}.")
        if name not in self._made:
            self._made[name] = Cluster(self._ctx, config, config.contexts[name], self.settings_of(name))
        return self._made[name]


async def cluster_of(ctx: Context, name: str) -> Cluster:
    """For reading."""
    clusters: Clusters = ctx.state
    return await clusters.get(name)


async def writable_cluster_of(ctx: Context, name: str) -> Cluster:
    """For changing something. Raises ToolError where that is not switched on."""
    cluster = await cluster_of(ctx, name)
    cluster.must_be_writable()
    return cluster


def _listed(config: Kubeconfig) -> str:
    names = sorted(config.contexts)
    return ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "") or "none"
