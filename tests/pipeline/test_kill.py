"""kill -9 in the middle of writing: what happened is in the audit log, and the journal can take all of it back.

Run as a module it makes calls on one home until it is killed, each to a place of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from mcp_agent import Config, Host, ToolError
from mcp_agent.config import PolicySettings, Rule
from tests.pipeline.audited import entries, paths_of, proof_of

CALLS = 1000
ROUNDS = 20 if os.environ.get("MCP_AGENT_FULL") else 3
PATIENCE = 120.0
SEVERAL = 8
"""Calls in flight."""


def shelves(home: Path) -> Host:
    config = Config(policy=PolicySettings(rules=(Rule(decide="allow"),)))
    return Host(config, paths=paths_of(home), installed=False, modules=["tests.plugins.shelf"])


async def write(home: Path, first: int) -> None:
    """Every other call puts a thing on a place of its own; the others make a box."""
    async with shelves(home) as host:
        await host.batch(
            (
                ("shelf_put", {"place": f"place {number}", "thing": f"thing {number}"})
                if number % 2
                else ("shelf_new_box", {"label": f"box {number}"})
                for number in range(first, first + CALLS)
            ),
            at_once=SEVERAL,
        )


def name_of(arguments: dict[str, str]) -> str:
    return arguments.get("place") or arguments["label"]


def happened(home: Path) -> list[str]:
    """What is in the world: read from the plugin's own file, as nobody of the host tells it."""
    [file] = (home / "data").rglob("shelf.sqlite3")
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return [row[0] for row in connection.execute("select place from shelf union all select label from box")]


def count(home: Path) -> int:
    try:
        return len(happened(home))
    except (ValueError, sqlite3.Error):  # not made yet
        return 0


def killed(home: Path, first: int, after: int) -> None:
    """A process that writes, until the world holds so many things more."""
    command = [sys.executable, "-m", "tests.pipeline.test_kill", str(home), str(first)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    enough, until = count(home) + after, time.monotonic() + PATIENCE
    while count(home) < enough and process.poll() is None and time.monotonic() < until:
        time.sleep(0.002)
    assert process.poll() is None, "it ended before it could be killed"
    process.kill()
    process.communicate(timeout=PATIENCE)


def test_after_kill_9_audit_and_journal_match_the_world(tmp_path: Path) -> None:
    chance = random.Random(os.urandom(8))
    for round_ in range(ROUNDS):
        killed(tmp_path, round_ * CALLS, chance.randrange(1, CALLS * 3 // 5))
    world = happened(tmp_path)
    assert ROUNDS <= len(world) < ROUNDS * CALLS
    assert len(set(world)) == len(world)

    rows = [json.loads(one.text) for one in entries(tmp_path)]
    intended = {name_of(row["arguments"]) for row in rows if row["kind"] == "intent"}
    assert set(world) <= intended, "something happened that the audit log does not know of"
    assert not proof_of(tmp_path).findings

    async def check() -> None:
        async with shelves(tmp_path) as host:
            changes = await host.changes(count=100_000)
            noted = {name_of(change.arguments): change for change in changes}
            assert set(world) <= noted.keys(), "something happened that the journal does not know of"
            assert {name for name, change in noted.items() if change.state == "done"} <= set(world)
            assert {change.state for change in changes} <= {"begun", "done"}
            assert len([change for change in changes if change.state == "begun"]) <= ROUNDS * SEVERAL

            unclear = []
            for change in changes:
                undone = await host.undo(change=change.id)
                if undone.stopped is not None:
                    assert change.state == "begun"
                    assert "the program ended in the middle of it" in undone.stopped
                    unclear.append(name_of(change.arguments))
            assert len(unclear) <= ROUNDS * SEVERAL
            assert sorted(happened(tmp_path)) == sorted(unclear), "undoing left something behind without a word"
            with contextlib.suppress(ToolError):
                assert (await host.undo(last=1)).changes == ()

    asyncio.run(check())
    assert not proof_of(tmp_path).findings


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1]), int(sys.argv[2])))
