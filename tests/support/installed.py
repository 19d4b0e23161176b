"""Plugins that are installed for a test, and a host to see them with."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from mcp_agent import Config, Host, PluginRecord

GOOD = """
    from mcp_agent import hookimpl, tool

    @tool(effect="read")
    async def {name}_say() -> str:
        '''Say the name of the plugin.'''
        return "{name}"

    @hookimpl
    def mcp_agent_tools():
        return [{name}_say]
"""


class Shelf:
    """Where plugins are installed for a test: modules, and what an installer notes down of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, name: str, source: str, *, module: str | None = None, distribution: str | None = None) -> None:
        module = module or f"shelf_{name}"
        (self.folder / f"{module}.py").write_text(textwrap.dedent(source).replace("{name}", name))
        distribution = distribution or f"mcp-agent-{name}"
        noted = self.folder / f"{distribution.replace('-', '_')}-1.0.dist-info"
        noted.mkdir()
        (noted / "METADATA").write_text(f"Name: {distribution}\nVersion: 1.0\n")
        (noted / "entry_points.txt").write_text(f"[mcp_agent.plugins]\n{name} = {module}\n")


def with_host(work: Callable[[Host], Awaitable[None]], config: Config | None = None, **options: Any) -> None:
    async def main() -> None:
        async with Host(config, on_disk=False, **options) as host:
            await work(host)

    asyncio.run(main())


def record(host: Host, name: str) -> PluginRecord:
    [found] = [one for one in host.plugins() if one.name == name]
    return found
