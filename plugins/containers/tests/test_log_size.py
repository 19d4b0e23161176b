"""Memory while a long log is read does not grow with the log. ``MCP_AGENT_FULL=1`` takes one of 1 GB."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.real.engine import Engine

FULL = bool(os.environ.get("MCP_AGENT_FULL"))
SIZE = 10**9 if FULL else 5 * 10**7
LINE = "2026-01-31 08:00:00 INFO an ordinary line of a log, neither long nor short, number"
_GROWTH = 50.0
_READ = """
import asyncio, json, sys, time
from mcp_agent.testing import host_for

def peak():
    [line] = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]  # rusage counts the parent's too
    return int(line.split()[1]) / 1024

async def work():
    async with host_for("mcp_agent_containers", {"connections": {"test": {"url": sys.argv[1]}}}) as host:
        await host.call("containers_list")
        found = []
        for more in ({}, {"grep": "the last"}, {"errors": True}):
            before, begun = peak(), time.perf_counter()
            result = await host.call("containers_logs", {"container": "talk", "tail": 2000, **more})
            result = result.data
            found.append({
                "lines": len(result["lines"]), "last": result["lines"][-1:], "read": result["read"],
                "growth": peak() - before, "seconds": time.perf_counter() - begun,
            })
        print(json.dumps({"whole": peak(), "found": found}))

asyncio.run(work())
"""


@pytest.mark.real
@pytest.mark.parametrize("engine", ["docker", "podman"] if FULL else ["docker"], indirect=True)
def test_memory_does_not_grow_with_the_log(fresh: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    talk = f"yes '{LINE}' | head -c {SIZE}; echo; echo this is the last"
    fresh.container("talk", "sh", "-c", talk)
    fresh.wait("talk")
    done = subprocess.run([sys.executable, "-c", _READ, fresh.url], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    tail, grep, errors = told["found"]
    with capsys.disabled():
        print(f"\n{fresh.name}: {SIZE / 1e6:.0f} MB of log, {told['whole']:.0f} MB of memory in all at most")  # noqa: T201
        for name, one in (("tail", tail), ("grep", grep), ("errors", errors)):
            print(f"  {name}: {one['seconds']:.2f} s, {one['growth']:.1f} MB more, {one['read']:,} lines read")  # noqa: T201
    assert tail["read"] == tail["lines"] == 2000
    assert grep["last"] == ["this is the last"]
    assert grep["read"] > SIZE / (len(LINE) + 2)
    assert errors["lines"] == 0
    assert max(one["growth"] for one in told["found"]) < _GROWTH
