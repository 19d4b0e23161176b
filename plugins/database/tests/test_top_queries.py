"""What keeps a real PostgreSQL busy, as its own extension pg_stat_statements counts it; and without that extension."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from mcp_agent.testing import host_for
from tests.real.postgres import PostgresServer, postgres

pytestmark = pytest.mark.real
_OFTEN = 40


@pytest.fixture(scope="module")
def counting() -> Iterator[PostgresServer]:
    with postgres(preload="pg_stat_statements") as running:
        running.sql("create table things (id int primary key, n int); create database other; create role reader login")
        yield running


def top(server: PostgresServer, user: str = "postgres", **arguments: Any) -> list[dict[str, Any]]:
    async def work() -> list[dict[str, Any]]:
        settings = {"connections": {"pg": {"url": server.url(user=user)}}}
        async with host_for("mcp_agent_database", settings) as host:
            found = (await host.call("db_top_queries", {"connection": "pg", **arguments})).data["result"]
            assert isinstance(found, list)
            return found

    return asyncio.run(work())


def test_what_took_most_time(counting: PostgresServer) -> None:
    counting.sql("create schema tools; create extension pg_stat_statements schema tools")
    try:
        counting.sql("select tools.pg_stat_statements_reset()")
        counting.sql("select pg_sleep(0.4)")
        counting.sql("select pg_sleep(5e-1)", database="other")  # counted by the server, and not of this database
        counting.sql("".join(f"insert into things values ({n}, {n * n});" for n in range(_OFTEN)))
        found = top(counting)
        assert found[0]["statement"] == "select pg_sleep($1)"
        assert (found[0]["calls"], found[0]["rows"]) == (1, 1)
        assert 400 <= found[0]["milliseconds"] < 500
        assert found[0]["milliseconds"] == pytest.approx(found[0]["milliseconds_each"], abs=0.1)
        assert found[0]["percent"] > 50
        [inserts] = [one for one in found if one["statement"].startswith("insert into things")]
        assert (inserts["calls"], inserts["rows"]) == (_OFTEN, _OFTEN)
        assert [one["milliseconds"] for one in found] == sorted((one["milliseconds"] for one in found), reverse=True)
        assert len(top(counting, limit=1)) == 1
        counting.sql("grant usage on schema tools to reader")
        assert {one["statement"] for one in top(counting, user="reader")} >= {"<insufficient privilege>"}
    finally:
        counting.sql("drop extension pg_stat_statements; drop schema tools")


def test_without_the_extension_it_is_what_runs_now(counting: PostgresServer) -> None:
    assert top(counting) == []
    words = ["psql", "-X", "-d", counting.url() + "?application_name=slow", "-c", "select 1, pg_sleep(30)"]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as session:
        try:
            found: list[dict[str, Any]] = []
            while not found:
                found = top(counting)
            assert [(one["statement"], one["program"], one["state"]) for one in found] == [
                ("select 1, pg_sleep(30)", "slow", "active")
            ]
        finally:
            counting.sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'slow'")
            session.wait(10)
