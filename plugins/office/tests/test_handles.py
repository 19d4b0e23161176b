"""A hundred thousand rows go from one tool into a workbook, and none of them through the model."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from mcp_agent import Config, Host
from mcp_agent.config import PolicySettings, Rule
from mcp_agent.testing import host_for
from mcp_agent.transports.memory import MemoryConnection
from tests.plugins import bulky
from tests.support.wire import Client

ROWS = 100_000


def test_rows_of_a_large_result_go_straight_into_a_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCP_AGENT_HOME", str(tmp_path / "home"))
    bulky.kept.clear()
    folders = {"folders": [{"path": str(tmp_path), "writable": True}]}
    config = Config(plugins={"office": folders}, policy=PolicySettings(rules=(Rule(decide="allow"),), wait_seconds=0))
    modules = ["mcp_agent.results.tools", "tests.plugins.bulky", "mcp_agent_office"]

    async def work() -> None:
        async with Host(config, on_disk=False, installed=False, modules=modules) as host:
            client = await Client(MemoryConnection(host.server), "2025-06-18", name="tester").open()
            result = await client.tool("bulky_table", rows=ROWS)
            handle = result["_meta"]["mcp-agent/result"]["uri"] + "#/rows"
            sheets = [{"name": "Prices", "rows": handle}]
            made = await client.tool("office_create_workbook", path="p.xlsx", sheets=sheets)
            assert not made.get("isError"), made
            sys.stdout.write(f"what the model saw and said: {len(json.dumps([result, made, sheets])):,} characters\n")
            assert len(json.dumps([result, made, sheets])) < 20_000
        async with host_for("mcp_agent_office", folders) as alone:
            sql = "select count(*) as n, sum(price) as total, max(id) as last from Prices"
            found = (await alone.call("office_query_sheet", {"path": "p.xlsx", "sql": sql})).data["rows"]
            assert found == [{"n": ROWS, "total": sum(1.5 * n for n in range(ROWS)), "last": ROWS - 1}]

    asyncio.run(work())
