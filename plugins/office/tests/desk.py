"""A host with office alone in it, on one writable folder."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from mcp_agent import Host, ToolError
from mcp_agent.testing import host_for

MODULE = "mcp_agent_office"


class Desk:
    """``folder`` is the writable one."""

    def __init__(self, host: Host, folder: Path) -> None:
        self.host, self.folder = host, folder

    async def call(self, tool: str, **arguments: Any) -> Any:
        """The data of a result. Raises ToolError."""
        result = await self.host.call(f"office_{tool}", arguments)
        assert not result.is_error, result.text
        return result.data

    async def refused(self, tool: str, **arguments: Any) -> str:
        """What it says when it refuses."""
        try:
            result = await self.host.call(f"office_{tool}", arguments)
        except ToolError as error:
            return f"{error} {error.hint or ''}"
        assert result.is_error, f"{tool} was not refused: {result.text}"
        return result.text


def at_the_desk(folder: Path, work: Callable[[Desk], Awaitable[None]], **settings: Any) -> None:
    folder.mkdir(exist_ok=True)

    async def run() -> None:
        places = {"folders": [{"path": str(folder), "writable": True}], **settings}
        async with host_for(MODULE, places, folder=folder.parent / "home") as host:
            await work(Desk(host, folder))

    asyncio.run(run())
