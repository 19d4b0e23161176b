"""A host with a shelf to put things on, and what the tests of undoing ask of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from mcp_agent import Config, Host
from mcp_agent.config import PolicySettings, Rule
from mcp_agent.model import Undone
from mcp_agent.paths import Paths
from mcp_agent.testing import FakeClock
from tests.plugins import shelf

SHELF = "tests.plugins.shelf"
ALL = (SHELF, "mcp_agent_memory", "mcp_agent_system")
ALLOW = PolicySettings(rules=(Rule(decide="allow"),))
Work = Callable[[Host], Awaitable[None]]


@asynccontextmanager
async def shelves(folder: Path | None = None, clock: FakeClock | None = None) -> AsyncIterator[Host]:
    paths = None if folder is None else Paths(folder, folder / "data", folder / "state")
    config, on_disk = Config(policy=ALLOW), folder is not None
    async with Host(config, paths=paths, on_disk=on_disk, modules=ALL, installed=False, clock=clock) as host:
        await host.started()
        yield host


def on_shelves(work: Work, folder: Path | None = None, clock: FakeClock | None = None) -> None:
    async def main() -> None:
        shelf.broken.clear()
        shelf.held = asyncio.Event()
        async with shelves(folder, clock) as host:
            await work(host)

    asyncio.run(main())


async def put(host: Host, place: str, thing: str) -> None:
    await host.call("shelf_put", {"place": place, "thing": thing})


async def there(host: Host) -> dict[str, str]:
    return dict((await host.call("shelf_list")).data)


def ids(undone: Undone) -> list[int]:
    return [change.id for change in undone.changes]
