"""Hosts and servers for tests, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from mcp_agent import Config, Host, Paths
from mcp_agent.config import LimitSettings, PolicySettings, ReliabilitySettings, Rule
from mcp_agent.model import Clock
from mcp_agent.protocol.limits import Limits, ServerInfo
from mcp_agent.protocol.server import Server
from mcp_agent.transports.memory import MemoryConnection
from tests.support.wire import Client

KINDS = "tests.plugins.kinds"


class FakeClock:
    """Time that only a test moves."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now


class Served:
    """A host with the plugin of all kinds, and as many clients as a test wants."""

    def __init__(self, host: Host, server: Server) -> None:
        self.host = host
        self.server = server
        self.connections: list[MemoryConnection] = []

    async def client(
        self, revision: str, *, name: str = "tester", capabilities: dict[str, Any] | None = None, kind: str = "stdio"
    ) -> Client:
        """A client, opened as its era wants."""
        connection = MemoryConnection(self.server, kind)
        self.connections.append(connection)
        return await Client(connection, revision, name=name, capabilities=capabilities).open()


@asynccontextmanager
async def serving(
    *modules: str,
    clock: Clock | None = None,
    paths: Paths | None = None,
    limits: Limits | None = None,
    seal_key: Callable[[], bytes] | None = None,
    job_tool: str | None = "system_job",
    plugin_calls: int = 64,
    **settings: Any,
) -> AsyncIterator[Served]:
    """``limits`` and ``seal_key`` make a server of its own over the host's tools; ``settings`` are config.limits."""
    config = Config(
        limits=LimitSettings(**settings), policy=PolicySettings(rules=(Rule(decide="allow"),)),
        reliability=ReliabilitySettings(plugin_calls=plugin_calls),
    )  # fmt: skip
    chosen = modules or (KINDS,)
    async with Host(
        config, paths=paths, on_disk=paths is not None, modules=chosen, installed=False, clock=clock
    ) as host:
        server = host.server
        if limits is not None or seal_key is not None:
            server = Server(
                host.backend, ServerInfo(name="mcp-agent", version="1"), clock=clock or FakeClock(),
                seal_key=seal_key or (lambda: b"k" * 32), report_bug=host.report_bug,
                limits=limits or Limits(), job_tool=job_tool,
            )  # fmt: skip
        served = Served(host, server)
        try:
            yield served
        finally:
            await server.drain(0)


def in_loop(work: Callable[[], Awaitable[None]]) -> None:
    """Run a test's coroutine; a task that ends with an error nobody saw fails the test."""

    async def main() -> None:
        unseen: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: unseen.append(context))
        await work()
        assert not unseen, unseen

    asyncio.run(main())
