"""What the tests of Valhalla ask of the city."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from mcp_agent import Host, ToolError
from mcp_agent.testing import host_for

MODULE = "mcp_agent_maps"
BUILT_IN = "mcp_agent_maps"
EXTRACTS = Path("data", "plugins", "maps", "extracts")
ENDS = {"start": "60.1680, 24.9400", "end": "60.1740, 24.9480"}


def run(folder: Path | None, work: Callable[[Host], Awaitable[None]], **settings: Any) -> None:
    async def inside() -> None:
        async with host_for(MODULE, {"online": False, **settings}, folder=folder) as host:
            await work(host)

    asyncio.run(inside())


async def load(host: Host, path: Path, name: str = "city") -> Any:
    return (await host.call("maps_load_extract", {"path": str(path), "name": name})).data


async def ask(host: Host, tool: str, **arguments: Any) -> Any:
    """Its structured answer; None where there is no way."""
    try:
        return (await host.call(tool, arguments)).data
    except ToolError as error:
        if "no way" not in str(error):
            raise
        return None


class InThread:
    """As much of a context as making tiles takes."""

    async def in_thread(self, work: Callable[[], Any]) -> Any:
        return await asyncio.to_thread(work)
