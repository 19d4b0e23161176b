"""Changing a SQLite file: only where the configuration says so, and exactly as many rows as expected."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from mcp_agent import ToolError
from mcp_agent.testing import host_for

MODULE = "mcp_agent_database"
UPDATE = {"connection": "bank", "statement": "update accounts set balance = ? where id <= ?", "parameters": [7, 3]}


def sevens(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        [found] = connection.execute("select count(*) from accounts where balance = 7 and id <= 3").fetchone()
        return int(found)
    finally:
        connection.close()


def test_a_write_is_tried_then_done_or_nothing(home: Path, accounts: Path) -> None:
    bank = {"url": str(accounts)}

    async def work() -> None:
        async with host_for(MODULE, {"connections": {"bank": bank}}) as host:
            for connection in ("bank", str(accounts)):
                with pytest.raises(ToolError, match="read-only here"):
                    await host.call("db_execute", {**UPDATE, "connection": connection, "expect_rows": 3})
        async with host_for(MODULE, {"connections": {"bank": {**bank, "writable": True}}}) as host:
            assert (await host.call("db_try_execute", UPDATE)).data["affected"] == 3
            assert sevens(accounts) == 0
            with pytest.raises(ToolError, match="3 rows would have changed, not 2"):
                await host.call("db_execute", {**UPDATE, "expect_rows": 2})
            assert sevens(accounts) == 0
            assert (await host.call("db_execute", {**UPDATE, "expect_rows": 3})).data["affected"] == 3
            assert sevens(accounts) == 3
            for statement in ("drop table accounts", "attach 'x.db' as x", "vacuum into 'x.db'", "commit",
                              "pragma writable_schema = 1", "create table t (a)"):  # fmt: skip
                with pytest.raises(ToolError):
                    await host.call("db_execute", {"connection": "bank", "statement": statement, "expect_rows": 0})
            up, down = ["create table t (a)", "insert into t values (1)"], ["drop table t"]
            await host.call("db_plan_migration", {"connection": "bank", "up": up, "down": down})
            with pytest.raises(ToolError, match="no table t"):
                await host.call("db_describe", {"connection": "bank", "table": "t"})
            with pytest.raises(ToolError):
                await host.call("db_migrate", {"connection": "bank", "steps": [*up, "insert into nowhere values (1)"]})
            with pytest.raises(ToolError, match="no table t"):
                await host.call("db_describe", {"connection": "bank", "table": "t"})
            await host.call("db_migrate", {"connection": "bank", "steps": up})
            assert (await host.call("db_describe", {"connection": "bank", "table": "t"})).data["relation"]["rows"] == 1
            await host.call("db_migrate", {"connection": "bank", "steps": down})

    asyncio.run(work())
