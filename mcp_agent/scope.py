"""What belongs to a plugin for as long as it is loaded."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from mcp_agent.config import HttpClientSettings
from mcp_agent.model import Agent, Change, Clock
from mcp_agent.store.database import Database
from mcp_agent.vault.vault import PluginSecrets

if TYPE_CHECKING:
    import aiohttp

    from mcp_agent.folders import Folders

EraseChanges = Callable[[str, Callable[[Change], bool]], Awaitable[int]]


class PluginScope(msgspec.Struct, kw_only=True, eq=False):
    """What all calls of one plugin share. The host makes one for each plugin."""

    name: str
    config: Any
    data_dir: Path | None
    clock: Clock
    agent: Agent
    threads: ThreadPoolExecutor
    loop: asyncio.AbstractEventLoop
    notify: Callable[[str], None]
    secrets: PluginSecrets
    erase_changes: EraseChanges
    http_settings: HttpClientSettings = HttpClientSettings()
    state: Any = None
    databases: dict[str, Database] = msgspec.field(default_factory=dict)
    http: aiohttp.ClientSession | None = None
    private: tuple[Path, ...] = ()
    """Files and folders of the agent itself, which no plugin hands out."""
    folders: Folders | None = None
    opening: threading.Lock = msgspec.field(default_factory=threading.Lock)

    async def close(self) -> None:
        """Give back what the plugin's calls opened."""
        self.threads.shutdown(wait=False, cancel_futures=True)
        if self.http is not None:
            await self.http.close()
        for database in self.databases.values():
            await database.close()
