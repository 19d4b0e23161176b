"""Short ways to ask the plugin about a Steam of this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Host, ToolError
from mcp_agent.testing import FakeClock, host_for
from plugins.steam.tests.tree import NOW

MODULE = "mcp_agent_steam"
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody answers


def ask(root: Path, work: Callable[[Host], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with host_for(MODULE, {"folders": [str(root)]}, clock=FakeClock(NOW)) as host:
            return await work(host)

    return asyncio.run(run())


def call(root: Path, tool: str, **arguments: Any) -> Any:
    async def work(host: Host) -> Any:
        return (await host.call(tool, arguments)).data

    return ask(root, work)


def fails(root: Path, tool: str, **arguments: Any) -> str:
    with pytest.raises(ToolError) as caught:
        call(root, tool, **arguments)
    return str(caught.value)
