"""Four instances on one home, the whole onion around every call: no row is lost, none is there twice."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from tests.pipeline.audited import audited, entries, proof_of

INSTANCES = 4
CALLS = 50_000 if os.environ.get("MCP_AGENT_FULL") else 4_000
"""Of all instances together."""
WRITES = 20
"""One call in so many changes something."""


def test_four_instances_lose_no_call_and_write_none_twice(tmp_path: Path) -> None:
    each = CALLS // INSTANCES
    file = tmp_path / "file"
    command = [sys.executable, "-m", "tests.store.test_four_instances", str(tmp_path), str(file)]
    running = [
        subprocess.Popen([*command, str(number * each), str(each)], stderr=subprocess.PIPE, text=True)
        for number in range(INSTANCES)
    ]
    for process in running:
        _, said = process.communicate(timeout=600)
        assert (process.returncode, said) == (0, "")  # nothing failed, and no lock was complained about
    rows = [msgspec.json.decode(one.text) for one in entries(tmp_path)]
    calls = Counter((row["kind"], row["arguments"]["number"]) for row in rows if row["kind"] in ("call", "intent"))
    assert calls == Counter(("call" if number % WRITES else "intent", number) for number in range(CALLS))
    ends = Counter(row["intent"] for row in rows if row["kind"] == "outcome")
    assert ends == Counter(row["seq"] for row in rows if row["kind"] == "intent")
    assert sorted(map(int, file.read_text().split())) == [number for number in range(CALLS) if not number % WRITES]
    assert {row.get("outcome") for row in rows if row["kind"] in ("call", "outcome")} == {"ok"}
    assert not proof_of(tmp_path).findings


def _calls(file: str, first: int, count: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for number in range(first, first + count):
        if number % WRITES:
            yield "ledger_read", {"number": number}
        else:
            yield "ledger_append", {"file": file, "number": number}


async def _instance(home: Path, file: str, first: int, count: int) -> None:
    async with audited(home) as host:
        for outcome in await host.batch(_calls(file, first, count), at_once=32):
            if isinstance(outcome, Exception):
                raise outcome


if __name__ == "__main__":
    asyncio.run(_instance(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
