"""The audit log in several files, and of several processes."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from mcp_agent.store.archive import Files, Rotation
from mcp_agent.store.audit_reader import Query, latest, search
from tests.store.audited import FakeClock, entry, fill, numbers, open_log, proof_of

DAY = 86_400.0
TOGETHER = 50_000 if os.environ.get("MCP_AGENT_FULL") else 12_000


def test_a_file_is_put_away_when_it_is_old_and_the_chain_goes_on(tmp_path: Path) -> None:
    clock = FakeClock()

    async def run() -> None:
        log = open_log(tmp_path, rotation=Rotation(size=0, age=30 * DAY), clock=clock)
        for number in range(40):
            log.add(entry(number, at=clock.now))
            await log.intent(entry(100 + number, at=clock.now))
            clock.now += DAY
        await log.close()

    asyncio.run(run())
    files = Files(tmp_path)
    [archive] = files.archives()
    with closing(sqlite3.connect(archive)) as connection:
        seq, digest = connection.execute("select seq, hash from log order by seq desc").fetchone()
    with closing(sqlite3.connect(files.live)) as connection:
        first = json.loads(connection.execute("select row from log order by seq").fetchone()[0])
    assert (first["seq"], first["kind"], first["after"]) == (seq + 1, "begin", digest.hex())
    assert len(numbers(tmp_path)) == 80
    proof = proof_of(tmp_path)
    assert (proof.files, proof.findings) == (2, ())
    assert latest(files, 1000) == list(search(files, Query()))


def test_a_file_is_put_away_when_it_is_large(tmp_path: Path) -> None:
    for start in range(0, 3000, 1000):
        fill(tmp_path, (entry(number) for number in range(start, start + 1000)), rotation=Rotation(100_000, 0))
    assert len(Files(tmp_path).archives()) == 2
    assert numbers(tmp_path) == list(range(3000))
    assert not proof_of(tmp_path).findings


def test_a_rotation_that_was_killed_before_its_end_does_no_harm(tmp_path: Path) -> None:
    fill(tmp_path, (entry(number) for number in range(100)))
    with (
        closing(sqlite3.connect(Files(tmp_path).live)) as live,
        closing(sqlite3.connect(Files(tmp_path).archive(1))) as archive,
    ):
        live.backup(archive)
    fill(tmp_path, [entry(100)])
    assert numbers(tmp_path) == list(range(101))
    assert not proof_of(tmp_path).findings
    fill(tmp_path, [entry(101)], rotation=Rotation(1, 0))
    assert numbers(tmp_path) == list(range(102))
    assert not proof_of(tmp_path).findings


@pytest.mark.parametrize("rotate_bytes", [0, 500_000], ids=["one file", "rotating"])
def test_processes_that_share_a_log_lose_nothing_and_write_nothing_twice(tmp_path: Path, rotate_bytes: int) -> None:
    each = TOGETHER // 4
    names = [f"shop_{number}" for number in range(4)]
    command = [sys.executable, "-m", "tests.store.audited", str(tmp_path)]
    running = [
        subprocess.Popen([*command, name, str(each), str(rotate_bytes)], stderr=subprocess.PIPE, text=True)
        for name in names
    ]
    for process in running:
        _, said = process.communicate(timeout=300)
        assert (process.returncode, said) == (0, "")
    found = Counter((one.row.tool, one.row.trace_id) for one in search(Files(tmp_path), Query(tool="shop_*")))
    assert found == Counter((name, f"{number + 1:032x}") for name in names for number in range(each))
    assert len(Files(tmp_path).archives()) > 1 or not rotate_bytes
    assert not proof_of(tmp_path).findings
