"""A real host with one plugin in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from mcp_agent.config import Config, PolicySettings, Rule
from mcp_agent.errors import PluginError
from mcp_agent.host import Host
from mcp_agent.model import Clock
from mcp_agent.paths import Paths
from mcp_agent.plugins import discover


@asynccontextmanager
async def host_for(
    module: str, settings: Mapping[str, Any] | None = None, *, folder: Path | None = None, clock: Clock | None = None
) -> AsyncIterator[Host]:
    """A started host that loads this plugin and no other, whatever else is installed.

    ``settings`` is the plugin's section of the configuration. With ``folder`` (such as pytest's ``tmp_path``) the
    host keeps its files there; without, nothing touches the disk. Raises PluginError when the plugin does not
    become active, with the reason.
    """
    [name] = [found.name for found in discover([module]) if found.module == module]
    config = Config(plugins={name: dict(settings or {})}, policy=PolicySettings(rules=(Rule(decide="allow"),)))
    paths = None if folder is None else Paths(folder, folder / "data", folder / "state")
    async with Host(
        config, paths=paths, on_disk=folder is not None, modules=[module], installed=False, clock=clock
    ) as host:
        await host.started()
        for record in host.plugins():
            if record.status != "active":
                raise PluginError(f"{module} is {record.status}: {record.reason}")
        yield host
