"""What several tests of the memory need."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from mcp_agent import Host
from mcp_agent.testing import FakeClock, host_for

MODULE = "mcp_agent_memory"
KEY = "The spare key is under the blue flower pot."
BOILER = "The boiler is serviced every October by Mr Virtanen."
CAR = "The car keys hang beside the door, on the blue hook."


def on_host(
    work: Callable[[Host], Awaitable[None]],
    folder: Path | None = None,
    clock: FakeClock | None = None,
    *,
    files: Path | None = None,
) -> None:
    """``files`` is a folder that the plugin may read and write."""
    settings = {} if files is None else {"folders": [{"path": str(files), "writable": True}]}

    async def main() -> None:
        async with host_for(MODULE, settings, folder=folder, clock=clock) as host:
            await work(host)

    asyncio.run(main())


async def call(host: Host, tool: str, **arguments: Any) -> Mapping[str, Any]:
    data: Mapping[str, Any] = (await host.call(f"memory_{tool}", arguments)).data
    return data


async def remember(host: Host, *texts: str, **more: Any) -> list[int]:
    return [(await call(host, "remember", text=text, **more))["id"] for text in texts]


async def recall(host: Host, query: str, **more: Any) -> list[str]:
    return [fact["text"] for fact in (await call(host, "recall", query=query, **more))["facts"]]


def files_with(folder: Path, *needles: str) -> list[str]:
    """Names of files, anywhere in a home, that hold one of these, in whatever case."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return sorted({
        path.name for path in files for needle in needles if needle.encode() in path.read_bytes().lower()
    })  # fmt: skip
