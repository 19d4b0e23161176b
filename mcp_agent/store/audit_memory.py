"""The audit log of a host that keeps nothing on disk: the latest entries, for as long as it runs."""

from __future__ import annotations

from collections import deque

from mcp_agent.store.chain import Entry

_KEPT = 1000


class MemoryLog:
    """The twin of AuditLog. ``entries`` are the latest, newest last."""

    full = False

    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=_KEPT)

    async def room(self) -> None:
        """There always is."""

    def add(self, entry: Entry) -> None:
        self.entries.append(entry)

    async def intent(self, entry: Entry) -> None:
        self.entries.append(entry)

    async def close(self) -> None:
        """Nothing is left to be written."""
