"""What the tests of the cache share: a process with a home folder, and tools to call."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from mcp_agent.model import Tool, ToolResult
from mcp_agent.pipeline.cache import Cache
from mcp_agent.pipeline.identity import identity
from mcp_agent.store.cache import MIGRATIONS, Answers
from mcp_agent.store.database import Database
from mcp_agent.store.epochs import Epochs
from mcp_agent.testing.clock import FakeClock
from tests.pipeline.models import make_call, make_tool, start

GOOD_FOR = 10.0
LOOK = make_tool("shop_look", cache=GOOD_FOR)
SET = make_tool("shop_set", effect="write")
BURN = make_tool("shop_burn", effect="destructive")


class Home:
    """A process on a home folder: the stage and all that it needs. Without a folder it keeps nothing on disk."""

    def __init__(self, folder: Path | None = None, clock: FakeClock | None = None, **options: Any) -> None:
        self.clock = clock or FakeClock()
        self.database = Database(folder / "cache.sqlite3", MIGRATIONS) if folder else None
        self.epochs = Epochs(folder / "epochs" if folder else None)
        bounds = {"memory_bytes": 2**20, "disk_bytes": 2**20, "has_secret": lambda answer: False} | options
        self.answers = Answers(self.database, self.clock, **bounds)
        self.version = "1"
        self.stage = Cache(self.answers, self.epochs, identity(lambda plugin: self.version))

    async def call(self, inner: Any, tool: Tool = LOOK, arguments: Any = None, principal: str = "anna") -> ToolResult:
        return await start(self.stage, make_call(tool, arguments, principal), inner)

    async def close(self) -> None:
        await self.answers.close()
        if self.database is not None:
            await self.database.close()
        self.epochs.close()


@contextlib.asynccontextmanager
async def home(folder: Path | None = None, clock: FakeClock | None = None, **options: Any) -> AsyncIterator[Home]:
    one = Home(folder, clock, **options)
    try:
        yield one
    finally:
        await one.close()
