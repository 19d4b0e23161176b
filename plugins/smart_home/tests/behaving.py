"""What the tests of every home's behaviour share: a host with that home, and short ways to ask it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from mcp_agent import Host
from tests.support.homes import Home


def on(home: Home, work: Callable[[Host], Awaitable[None]]) -> None:
    async def run() -> None:
        async with home.host() as host:
            await work(host)

    asyncio.run(run())


async def ask(host: Host, tool: str, **arguments: Any) -> Any:
    found = (await host.call(tool, arguments)).data
    return found["result"] if isinstance(found, dict) and set(found) == {"result"} else found


async def state(host: Host, entity_id: str) -> str:
    [found] = await ask(host, "home_get_state", entity_ids=[entity_id])
    return str(found["state"])


async def turn(host: Host, how: str, entity_id: str, **data: Any) -> Any:
    [change] = (await ask(host, "home_call_service", service=f"light.turn_{how}", entity_ids=[entity_id], data=data))[
        "changes"
    ]
    return change


async def undo(host: Host) -> None:
    undone = await host.undo()
    assert undone.stopped is None, undone.stopped
