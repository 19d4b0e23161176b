"""What lasts as long as the plugin runs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mcp_agent_research.jobs.runner import Runner
    from mcp_agent_research.library.workers import Workers
    from mcp_agent_research.web.fetch import Web


class State:
    """``indexing`` is held while files are read: one call at a time."""

    def __init__(self, web: Web, workers: Workers, runner: Runner) -> None:
        self.web = web
        self.workers = workers
        self.runner = runner
        self.indexing = asyncio.Lock()
        self.guide_kept = False
