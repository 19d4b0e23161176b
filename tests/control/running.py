"""Instances in this process, on a home with a short name, and the desk that watches them."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from mcp_agent import Config, Host, Paths
from mcp_agent.config import PolicySettings, ReliabilitySettings, Rule
from mcp_agent.control.desk import Desk
from mcp_agent.control.endpoint import Kind, control_socket
from mcp_agent.store.approvals import Approval

ALLOW = PolicySettings(rules=(Rule(decide="allow"),))
PATIENCE = 20.0


@asynccontextmanager
async def a_home() -> AsyncIterator[Paths]:
    with tempfile.TemporaryDirectory(prefix="mcp-") as name:
        folder = Path(name)
        yield Paths(folder, folder / "data", folder / "state")


@asynccontextmanager
async def an_instance(
    paths: Paths,
    *modules: str,
    policy: PolicySettings = ALLOW,
    reliability: ReliabilitySettings | None = None,
    kind: Kind = "unix",
) -> AsyncIterator[Host]:
    config = Config(policy=policy, reliability=reliability or ReliabilitySettings())
    async with Host(config, paths=paths, modules=modules or ("tests.plugins.shelf",), installed=False) as host:
        await host.started()
        async with control_socket(host, paths, "stdio", kind=kind):
            yield host


def a_desk(paths: Paths) -> Desk:
    return Desk(paths, Config(), paths.config_file)


async def until(holds: Callable[[], object]) -> None:
    """Wait for news that is on its way."""
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110  it happens in another thread or process
            await asyncio.sleep(0.005)


async def waiting(desk: Desk) -> Approval:
    """The first thing that waits for consent, once something does."""
    async with asyncio.timeout(PATIENCE):
        while not (found := await desk.stored.approvals()):  # noqa: ASYNC110  it happens in the database
            await asyncio.sleep(0.01)
    return found[0]
