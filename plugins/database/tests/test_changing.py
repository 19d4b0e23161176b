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


@pytest.fixture
def odd(home: Path) -> str:
    """A SQLite file with a damaged text, a blob that is too long to read, and a very wide table."""
    connection = sqlite3.connect(home / "odd.sqlite")
    connection.execute("create table damaged (a)")
    connection.execute("insert into damaged values (cast(x'ff41' as text))")
    connection.execute("create table large (a)")
    connection.execute("insert into large values (zeroblob(5000000))")
    connection.execute(f"create table wide ({', '.join(f'c{number}' for number in range(1500))})")
    connection.execute("insert into wide (c1499) values (7)")
    connection.commit()
    connection.close()
    return str(home / "odd.sqlite")


def test_a_very_wide_table_and_names_given_twice_lose_nothing(odd: str) -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            [row] = (await host.call("db_sample", {"connection": odd, "table": "wide"})).data["rows"]
            assert len(row) == 1500
            assert row["c1499"] == 7
            asked = {"connection": odd, "statement": "select 1 as id, 2 as id, 3 as id_2, 4 as id"}
            [row] = (await host.call("db_query", asked)).data["rows"]
            assert list(row.values()) == [1, 2, 3, 4]

    asyncio.run(work())


@pytest.mark.parametrize(
    ("statement", "next_step"),
    [
        ("select * from nowhere", "db_schemas"),
        ("select missing from damaged", "db_describe"),
        ("select a from damaged", "hex"),
        ("select a from large", "substr"),
        ("delete from damaged", "db_execute"),
        ("drop table damaged", "db_migrate"),
    ],
)
def test_what_sqlite_refuses_says_what_to_do_next(odd: str, statement: str, next_step: str) -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            with pytest.raises(ToolError) as caught:
                await host.call("db_query", {"connection": odd, "statement": statement})
            assert next_step in (caught.value.hint or "")

    asyncio.run(work())


def test_suggested_indexes_can_be_made_whatever_the_names(home: Path) -> None:
    connection = sqlite3.connect(home / "shop.sqlite")
    connection.execute('create table "order" (id integer primary key)')
    connection.execute('create table "order.items" ("group" references "order")')
    connection.close()
    shop = {"url": str(home / "shop.sqlite"), "writable": True}

    async def work() -> None:
        async with host_for(MODULE, {"connections": {"shop": shop}}) as host:
            asked = {"connection": "shop"}
            found = (await host.call("db_suggest_indexes", asked)).data["result"]
            await host.call("db_migrate", {**asked, "steps": [one["statement"] for one in found]})
            assert len(found) == 1
            assert (await host.call("db_suggest_indexes", asked)).data["result"] == []

    asyncio.run(work())
