"""An account at a server that answers as Steam does, and short ways to ask about it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Host, ToolError
from mcp_agent.testing import FakeClock, host_for
from mcp_agent.vault.secret import Secret
from plugins.steam.tests.tree import NOW
from plugins.steam.tests.valve import KEY, Valve, valve

MODULE = "mcp_agent_steam"
Work = Callable[[Host, Valve], Awaitable[Any]]


class Steam:
    """Runs one question in a host with a key, beside the other side."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.key: str | None = KEY
        self.settings: dict[str, Any] = {}
        self._monkeypatch = monkeypatch
        self.requests: list[Any] = []

    def run(self, work: Work) -> Any:
        async def go() -> Any:
            settings = {"folders": [str(self.root)], **self.settings}
            async with valve(self._monkeypatch) as other, host_for(MODULE, settings, clock=FakeClock(NOW)) as host:
                if self.key:
                    await host.vault.set("steam", "key", Secret(self.key))
                try:
                    return await work(host, other)
                finally:
                    self.requests = other.requests

        return asyncio.run(go())

    def call(self, tool: str, change: Callable[[Valve], None] = lambda other: None, **arguments: Any) -> Any:
        async def work(host: Host, other: Valve) -> Any:
            change(other)
            return (await host.call(tool, arguments)).data

        return self.run(work)

    def fails(self, tool: str, change: Callable[[Valve], None] = lambda other: None, **arguments: Any) -> str:
        with pytest.raises(ToolError) as caught:
            self.call(tool, change, **arguments)
        return str(caught.value)


def names(answer: Any) -> list[str]:
    return [game["name"] for game in answer["games"]]


def put(name: str, value: Any) -> Callable[[Valve], None]:
    return lambda other: setattr(other, name, value)


def private(steam_id: int) -> Callable[[Valve], None]:
    def change(other: Valve) -> None:
        other.games[steam_id] = None

    return change
