"""A host that writes down and counts what it does. Run as a module it makes so many calls, unless it is killed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from mcp_agent.host import Host, SystemClock
from mcp_agent.paths import Paths
from mcp_agent.pipeline import Stage
from mcp_agent.pipeline.audit import Audit
from mcp_agent.pipeline.metrics import Metrics
from mcp_agent.store.archive import Files, Rotation
from mcp_agent.store.audit_log import AuditLog
from mcp_agent.store.audit_proof import Proof, verify
from mcp_agent.store.audit_reader import Query, Record, search

KEY = b"k" * 32


def paths_of(home: Path) -> Paths:
    return Paths(home, home / "data", home / "state")


class AuditedHost(Host):
    """Serves ``tests.pipeline.ledger`` with the stages audit and metrics, and ``inside`` below them."""

    def __init__(
        self, home: Path, *, redact: Callable[[bytes], bytes] = lambda text: text, inside: tuple[Stage, ...] = ()
    ) -> None:
        paths = paths_of(home)
        super().__init__(paths=paths, installed=False, modules=["tests.pipeline.ledger"])
        rotation = Rotation(size=2**20, age=0)
        clock = SystemClock()
        log = AuditLog(Files(paths.audit_folder), rotation=rotation, key=lambda: KEY, redact=redact, clock=clock)
        self.audit = Audit(log, clock)
        self.metrics = Metrics(clock)
        self._inside = inside

    def stages(self) -> list[Stage]:
        return [self.audit, self.metrics, *self._inside, *super().stages()]

    async def __aexit__(self, *exception: object) -> None:
        await super().__aexit__(*exception)
        await self.audit.close()


def entries(home: Path, **query: str) -> list[Record]:
    return list(search(Files(paths_of(home).audit_folder), Query(**query)))  # type: ignore[arg-type]


def proof_of(home: Path) -> Proof:
    return verify(Files(paths_of(home).audit_folder), lambda: KEY)


async def _append(home: Path, file: str, first: int, count: int) -> None:
    async with AuditedHost(home) as host:
        calls = (("ledger_append", {"file": file, "number": number}) for number in range(first, first + count))
        await host.batch(calls, at_once=8)


async def _read(home: Path, first: int, count: int) -> None:
    async with AuditedHost(home) as host:
        calls = (("ledger_read", {"number": number}) for number in range(first, first + count))
        await host.batch(calls, at_once=32)


if __name__ == "__main__":
    home, first, count = Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    if sys.argv[1] == "append":
        asyncio.run(_append(home, sys.argv[5], first, count))
    else:
        asyncio.run(_read(home, first, count))
