"""Nothing that writes, reads files or goes on without end gets through, and no query is kept from anybody.

What counts is the state of data and files afterwards, not that there was an error.
"""

# ruff: noqa: T201
from __future__ import annotations

import asyncio
import hashlib
import resource
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp_agent_database.postgres import engine as postgres_engine
from mcp_agent_database.postgres.guard import Checked

from mcp_agent import Host, ToolError
from mcp_agent.testing import host_for
from plugins.database.tests.corpus import postgres_attacks, queries, sqlite_attacks
from tests.real.postgres import PostgresServer

MODULE = "mcp_agent_database"
SECONDS = 0.6
_LONGEST = 15.0
_MOST_GROWTH = 400_000
"""Kilobytes by which this process may grow while it is attacked: what one result may take, and what Python keeps."""
_STATE = """
select md5(string_agg(a::text, ',' order by id)) from accounts a;
select last_value, is_called from counter;
select md5(string_agg(oid::text || relname || relkind::text || coalesce(relacl::text, ''), ',' order by oid))
  from pg_class
  where relnamespace in ('public'::regnamespace, 'evil'::regnamespace) or relpersistence = 't';
select md5(string_agg(oid::text || proname || coalesce(prosrc, ''), ',' order by oid)) from pg_proc where oid > 16383;
select md5(string_agg(rolname || rolsuper::text || coalesce(rolpassword, ''), ',' order by rolname)) from pg_authid;
select md5(string_agg(datname, ',' order by datname)) from pg_database;
select md5(coalesce(string_agg(loid::text || pageno::text || data::text, ',' order by loid, pageno), ''))
  from pg_largeobject;
select count(*) from pg_largeobject_metadata;
select count(*) from pg_extension; select count(*) from pg_trigger;
select count(*) from pg_namespace where nspname !~ '^pg_';
select count(*) from pg_db_role_setting; select count(*) from pg_prepared_xacts;
select count(*) from pg_replication_slots;
select count(*) from pg_locks where locktype = 'advisory';
select count(*) from pg_stat_activity where application_name = 'victim';
select count(*) from pg_stat_activity where application_name = 'mcp_agent' and state <> 'idle';
"""


async def through(host: Host, connection: str, statement: str) -> Any:
    """What a statement gives, None when it was refused."""
    try:
        return (await host.call("db_query", {"connection": connection, "statement": statement})).data
    except ToolError:
        return None


@contextmanager
def victim(server: PostgresServer) -> Iterator[None]:
    """Another session, which must live on."""
    url = server.url() + "?application_name=victim"
    with subprocess.Popen(["psql", "-X", url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as session:
        assert session.stdin is not None
        assert session.stdout is not None
        session.stdin.write("select 'there';\n")
        session.stdin.flush()
        while "there" not in session.stdout.readline():
            continue
        yield
        session.stdin.close()
        session.wait(10)


def files_of(server: PostgresServer) -> list[str]:
    made = [str(path) for path in Path("/tmp").glob("mcp_agent_attack*")]
    settings = server.folder / "postgresql.auto.conf"
    return [*made, hashlib.sha256(settings.read_bytes()).hexdigest()]


@pytest.mark.real
def test_nothing_gets_through_to_a_real_postgres(server: PostgresServer) -> None:
    """As a superuser, so that rights stop nothing."""
    attacks = list(dict.fromkeys(postgres_attacks.attacks()))

    async def work() -> list[str]:
        settings = {"connections": {"pg": {"url": server.url()}}, "seconds": SECONDS}
        async with host_for(MODULE, settings) as host:
            return [one for one in attacks if await through(host, "pg", one) is not None]

    with victim(server):
        before = server.sql(_STATE), files_of(server)
        got = asyncio.run(work())
        assert got == [], got
        assert (server.sql(_STATE), files_of(server)) == before
    print(f"{len(attacks)} attacks on PostgreSQL, none got through")


@pytest.mark.real
def test_the_server_stops_writes_that_no_parser_sees(server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second wall alone: without the parser, the read-only transaction keeps every row, table and role."""
    monkeypatch.setattr(postgres_engine, "check_query", lambda sql, known: Checked("Unchecked", sql))
    words = ("insert", "update", "delete", "merge", "create", "drop", "alter", "truncate", "grant", "revoke", "nextval")
    attacks = [one for one in dict.fromkeys(postgres_attacks.attacks()) if any(word in one for word in words)]
    attacks = [
        one
        for one in attacks
        if "lo_" not in one and "large object" not in one and "alter system" not in one and "slot" not in one
    ]

    async def work() -> None:
        settings = {"connections": {"pg": {"url": server.url()}}, "seconds": SECONDS}
        async with host_for(MODULE, settings) as host:
            for one in attacks:
                await through(host, "pg", one)

    before = server.sql(_STATE)
    asyncio.run(work())
    assert server.sql(_STATE) == before
    print(f"{len(attacks)} writes sent past the parser, none stayed")


@pytest.mark.real
def test_endless_work_ends(server: PostgresServer, accounts: Path) -> None:
    async def work() -> tuple[float, str]:
        settings = {"connections": {"pg": {"url": server.url()}}, "seconds": SECONDS}
        longest = (0.0, "")
        async with host_for(MODULE, settings) as host:
            for name, statements in (("pg", postgres_attacks.ENDLESS), (str(accounts), sqlite_attacks.ENDLESS)):
                for statement in statements:
                    start = time.monotonic()
                    found = await through(host, name, statement)
                    took = time.monotonic() - start
                    assert took < _LONGEST, f"{statement[:100]} took {took:.1f} s"
                    assert len(str(found)) < 20_000_000, statement[:100]
                    longest = max(longest, (took, statement[:60]))
        return longest

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    longest = asyncio.run(work())
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < _MOST_GROWTH, f"{grown} kB more"
    assert "0" in server.sql("select count(*) from pg_stat_activity where application_name = 'mcp_agent'").splitlines()
    count = len(postgres_attacks.ENDLESS) + len(sqlite_attacks.ENDLESS)
    print(f"{count} endless statements, limit {SECONDS} s: the longest took {longest}; {grown / 1000:.0f} MB more")


def test_nothing_gets_through_to_sqlite(home: Path, accounts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    attacks = list(dict.fromkeys(sqlite_attacks.attacks()))
    monkeypatch.chdir(home)

    def state() -> dict[str, str]:
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in home.iterdir()}

    async def work() -> list[str]:
        async with host_for(MODULE, {"seconds": SECONDS}) as host:
            return [one for one in attacks if await through(host, str(accounts), one) is not None]

    before = state()
    assert asyncio.run(work()) == []
    assert state() == before
    print(f"{len(attacks)} attacks on SQLite, none got through")


@pytest.mark.real
def test_queries_of_analysts_pass_on_postgres(server: PostgresServer) -> None:
    settings = {"connections": {"pg": {"url": server.url()}}}
    passed = asyncio.run(_pass("pg", settings, (*queries.BOTH, *queries.POSTGRES)))
    assert passed >= 100
    print(f"{passed} queries pass on PostgreSQL")


def test_queries_of_analysts_pass_on_sqlite(accounts: Path) -> None:
    passed = asyncio.run(_pass(str(accounts), {}, (*queries.BOTH, *queries.SQLITE)))
    print(f"{passed} queries pass on SQLite")


async def _pass(connection: str, settings: dict[str, Any], statements: tuple[str, ...]) -> int:
    refused = []
    async with host_for(MODULE, settings) as host:
        for one in statements:
            try:
                await host.call("db_query", {"connection": connection, "statement": one})
            except ToolError as error:
                refused.append(f"{one}: {error}")
    assert refused == []
    return len(statements)
