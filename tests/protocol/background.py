"""What the tests of tasks share: a server with a client that speaks tasks, and what one asks of a task."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mcp_agent.protocol.limits import Limits
from tests.support.schema import MODERN
from tests.support.served import KINDS, FakeClock, Served, serving
from tests.support.wire import EVERYTHING, TASKS, Client

SPEAKS = {**EVERYTHING, "extensions": {TASKS: {}}}
AT_ONCE = 1e-6
"""A threshold that anything which waits outlives."""


@asynccontextmanager
async def background(*, after: float = 0, **limits: Any) -> AsyncIterator[tuple[Served, Client, FakeClock]]:
    """A server, a client that speaks tasks, and the clock."""
    clock = FakeClock()
    async with serving(
        KINDS, "mcp_agent_system", clock=clock, limits=Limits(background_after=after, **limits)
    ) as served:
        yield served, await served.client(MODERN, capabilities=SPEAKS), clock


async def start(client: Client, tool: str, **arguments: Any) -> str:
    """The id of the task that a call became."""
    result = await client.call("tools/call", {"name": tool, "arguments": arguments})
    assert result["resultType"] == "task"
    assert result["status"] == "working"
    task_id: str = result["taskId"]
    return task_id


async def get(client: Client, task_id: str) -> dict[str, Any]:
    return await client.call("tasks/get", {"taskId": task_id})


async def status(client: Client, task_id: str, wanted: str) -> dict[str, Any]:
    """The task once it is in this state. The server is in this process: it takes turns of the loop, not time."""
    for _ in range(200):
        task = await get(client, task_id)
        if task["status"] == wanted:
            return task
        await asyncio.sleep(0)
    raise AssertionError(f"still {task}")
