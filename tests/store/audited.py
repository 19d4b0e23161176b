"""An audit log to fill, and processes that fill one together. Run as a module, it is such a process."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from mcp_agent.store.archive import Files, Rotation
from mcp_agent.store.audit_log import AuditLog
from mcp_agent.store.audit_proof import Proof, verify
from mcp_agent.store.audit_reader import Query, search
from mcp_agent.store.chain import Entry

KEY = b"k" * 32
NEVER = Rotation(size=0, age=0)


class FakeClock:
    """Stands still until it is told to go on."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now


class RunningClock(FakeClock):
    """A minute goes by with each look at it."""

    def monotonic(self) -> float:
        self.now += 60
        return self.now


def open_log(
    folder: Path,
    *,
    rotation: Rotation = NEVER,
    redact: Callable[[bytes], bytes] = lambda text: text,
    clock: FakeClock | None = None,
) -> AuditLog:
    return AuditLog(
        Files(folder), rotation=rotation, key=lambda: KEY, redact=redact, clock=clock or FakeClock()
    )  # fmt: skip


def entry(number: int = 0, *, arguments: bytes | None = None, tool: str = "shop_add", at: float = 1_000_000.0) -> Entry:
    return Entry(
        "call", at, "stdio:test", "shop", tool, "read", arguments or b'{"number":%d}' % number, f"{number + 1:032x}",
        decision="allowed", outcome="ok", ms=1.5,
    )  # fmt: skip


def fill(folder: Path, entries: Iterable[Entry], **options: object) -> None:
    """Write entries as one process would, from opening to closing."""

    async def run() -> None:
        log = open_log(folder, **options)  # type: ignore[arg-type]
        for one in entries:
            if log.full:
                await log.room()
            log.add(one)
        await log.close()

    asyncio.run(run())


def numbers(folder: Path) -> list[int]:
    return [json.loads(one.text)["arguments"]["number"] for one in search(Files(folder), Query(tool="shop_add"))]


def proof_of(folder: Path) -> Proof:
    return verify(Files(folder), lambda: KEY)


if __name__ == "__main__":
    fill(
        Path(sys.argv[1]),
        (entry(number, tool=sys.argv[2]) for number in range(int(sys.argv[3]))),
        rotation=Rotation(size=int(sys.argv[4]), age=0),
        clock=RunningClock(),
    )
