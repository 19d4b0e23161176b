"""A host that may do anything, and what it wrote down. Run as a module it makes so many calls, unless it is killed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from mcp_agent.config import AuditSettings, Config, PolicySettings, Rule
from mcp_agent.host import Host
from mcp_agent.paths import Paths
from mcp_agent.store.archive import Files
from mcp_agent.store.audit_proof import Proof, verify
from mcp_agent.store.audit_reader import Query, Record, search

ANYTHING = Rule(decide="allow")


def paths_of(home: Path) -> Paths:
    return Paths(home, home / "data", home / "state")


def audited(home: Path, *rules: Rule) -> Host:
    """Serves ``tests.pipeline.ledger``, under these rules before the one that allows everything."""
    config = Config(policy=PolicySettings(rules=(*rules, ANYTHING)), audit=AuditSettings(rotate_bytes=2**20))
    return Host(config, paths=paths_of(home), installed=False, modules=["tests.pipeline.ledger"])


def entries(home: Path, **query: str) -> list[Record]:
    return list(search(Files(paths_of(home).audit_folder), Query(**query)))  # type: ignore[arg-type]


def proof_of(home: Path) -> Proof:
    paths = paths_of(home)
    return verify(Files(paths.audit_folder), paths.audit_key.read_bytes)


async def _append(home: Path, file: str, first: int, count: int) -> None:
    async with audited(home) as host:
        calls = (("ledger_append", {"file": file, "number": number}) for number in range(first, first + count))
        await host.batch(calls, at_once=8)


async def _read(home: Path, first: int, count: int) -> None:
    async with audited(home) as host:
        calls = (("ledger_read", {"number": number}) for number in range(first, first + count))
        await host.batch(calls, at_once=32)


if __name__ == "__main__":
    home, first, count = Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    if sys.argv[1] == "append":
        asyncio.run(_append(home, sys.argv[5], first, count))
    else:
        asyncio.run(_read(home, first, count))
