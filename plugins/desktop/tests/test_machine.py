"""Processes and the machine, held against what the system says itself."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

from mcp_agent.testing import host_for

MODULE = "mcp_agent_desktop"


def test_a_busy_process_is_found_by_name() -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            everything = (await host.call("desktop_processes", {"limit": 100, "sort": "memory"})).data
            assert everything["total"] >= len(everything["processes"]) > 0
            memory = [one["memory"] for one in everything["processes"]]
            assert memory == sorted(memory, reverse=True)
            mine = (await host.call("desktop_processes", {"name": "PYTHON", "limit": 100})).data["processes"]
            [busy] = [one for one in mine if one["pid"] == process.pid]
            assert busy["cpu"] > 0
            assert "secret-on-the-command-line" not in str(mine)
            assert (await host.call("desktop_processes", {"name": "no such program"})).data["total"] == 0

    command = [sys.executable, "-c", "while True: pass", "secret-on-the-command-line"]
    process = subprocess.Popen(command)
    try:
        asyncio.run(work())
    finally:
        process.kill()
        process.wait()


def test_the_machine() -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            info = (await host.call("desktop_system_info")).data
            assert info["cores"] == os.cpu_count()
            assert info["memory"] >= info["memory_free"] > 0
            assert len(info["disks"]) == 1
            assert info["disks"][0]["total"] > info["disks"][0]["free"] > 0

    asyncio.run(work())
