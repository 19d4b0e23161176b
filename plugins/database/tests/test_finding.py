"""What ``mcp-agent setup`` offers: databases that this machine knows of, never a password."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path
from typing import Any

import mcp_agent_database
import pytest
from mcp_agent_database import finding

from mcp_agent.testing import host_for
from mcp_agent.wizard.plugins import Subject, look_around
from tests.real.postgres import PostgresServer

MODULE = "mcp_agent_database"


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine that knows of nothing."""
    for name in list(os.environ):
        if name.startswith("PG") or name in finding._VARIABLES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USER", "anna")
    monkeypatch.setenv("LOGNAME", "anna")
    monkeypatch.setattr(finding, "_SOCKETS", (tmp_path / "run",))
    return tmp_path


def offered() -> list[tuple[str, dict[str, str]]]:
    """As the wizard takes it: only what the settings accept."""
    subject = Subject(
        name="database", title="", description="", shape=mcp_agent_database.Settings, settings={},
        setup=mcp_agent_database.mcp_agent_setup(),
    )  # fmt: skip
    found = look_around(subject)
    assert len(found) == len(finding.find())
    return [(one.what, {name: each["url"] for name, each in one.settings["connections"].items()}) for one in found]


def test_nothing_is_found_where_there_is_nothing() -> None:
    assert offered() == []
    assert finding.secrets() == {}


@pytest.mark.parametrize(
    ("variable", "value", "what", "connection"),
    [
        ("DATABASE_URL", "postgres://anna:hush@db.example.org:5433/shop?sslmode=require&password=hush",
         "PostgreSQL shop at db.example.org:5433 as anna", ("shop", "postgres://anna@db.example.org:5433/shop?sslmode=require")),
        ("DATABASE_URL", "postgresql+asyncpg://a:hu%40sh@h/s", "PostgreSQL s at h as a", ("s", "postgresql://a@h/s")),
        ("POSTGRES_URL", "postgres://h", "PostgreSQL at h", ("h", "postgres://h")),
        ("MONGODB_URI", "mongodb+srv://bo:hush@c.example.org/events?retryWrites=true",
         "MongoDB events at c.example.org as bo", ("events", "mongodb+srv://bo@c.example.org/events?retryWrites=true")),
        ("SUPABASE_URL", "https://abc.supabase.co/", "Supabase at abc.supabase.co", ("abc", "https://abc.supabase.co")),
    ],
)  # fmt: skip
def test_the_environment(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, what: str, connection: tuple[str, str]
) -> None:
    monkeypatch.setenv(variable, value)
    assert offered() == [(f"{what} ({variable})", dict([connection]))]
    assert list(finding.secrets()) == [connection[0]]
    assert "hush" not in repr((offered(), finding.secrets()))


@pytest.mark.parametrize("value", ["", "sqlite:///x.db", "mysql://h/d", "https://example.org", "//[", "postgres:///x"])
def test_what_is_no_database_of_ours_is_left_out(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DATABASE_URL", value)
    assert offered() == []


def test_the_variables_of_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PGHOST": "db", "PGPORT": "6000", "PGDATABASE": "my shop", "PGPASSWORD": "hush"}.items():
        monkeypatch.setenv(name, value)
    [(_, connections)] = offered()
    assert connections == {"my-shop": "postgresql://anna@db:6000/my%20shop"}
    assert "hush" not in repr((offered(), finding.secrets()))


def test_the_password_file(bare: Path) -> None:
    (bare / ".pgpass").write_text(
        "# a comment:1:2:3:hush\n*:*:*:anna:hush\nh1:5432:shop:anna:hush\\:more\nh2:*:*:bo:hush\n"
        "fe80\\:\\:1:1:d:c:hush\nh\\:x:1:d:c:hush\nh:many:d:c:hush\nbroken\n\n"
    )
    found = offered()
    assert found[0] == (
        "All 3 databases that follow",
        {"shop": "postgresql://anna@h1:5432/shop", "postgres": "postgresql://bo@h2/postgres", "d": "postgresql://c@[fe80::1]:1/d"},
    )  # fmt: skip
    assert [what for what, _ in found[1:]][:2] == [
        "PostgreSQL shop at h1:5432 as anna (~/.pgpass)", "PostgreSQL postgres at h2 as bo (~/.pgpass)",
    ]  # fmt: skip
    assert "hush" not in repr((found, finding.secrets()))
    assert finding.secrets() == {}


def test_a_server_that_runs_here(bare: Path) -> None:
    (bare / "run").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(bare / "run" / ".s.PGSQL.5433"))
        (bare / "run" / ".s.PGSQL.5433.lock").touch()
        url = f"postgresql://anna@/postgres?host={bare}/run&port=5433"
        assert offered() == [
            ("PostgreSQL postgres at this machine's socket as anna (runs on this machine)", {"postgres": url})
        ]


@pytest.mark.real
def test_what_is_found_works(monkeypatch: pytest.MonkeyPatch, server: PostgresServer) -> None:
    monkeypatch.setenv("DATABASE_URL", server.url().replace("postgres@", "postgres:hush@"))
    [found] = finding.find()

    async def work() -> Any:
        async with host_for(MODULE, found.settings) as host:
            return (await host.call("db_query", {"connection": "postgres", "statement": "select 1 as one"})).data[
                "rows"
            ]

    assert asyncio.run(work()) == [{"one": 1}]
