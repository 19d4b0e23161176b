"""What is known and what runs, for the commands that look at it or steer it."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from mcp_agent.cli.hosting import file_of, load_config
from mcp_agent.control.desk import Desk
from mcp_agent.paths import default_paths

T = TypeVar("T")


def at_desk(args: argparse.Namespace, work: Callable[[Desk], Awaitable[T]]) -> T:
    """What ``work`` gives with the stored state at hand, and every running instance attached."""
    desk = Desk(default_paths(), load_config(args), file_of(args))

    async def run() -> T:
        async with desk:
            return await work(desk)

    return asyncio.run(run())
