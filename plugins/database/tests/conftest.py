"""A PostgreSQL for all tests of databases, and an accounts table in whatever database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import pytest_runtest_makereport as pytest_runtest_makereport
from tests.real.postgres import PostgresServer, postgres

POSTGRES_STATE = """
create table accounts (id int primary key, owner text not null, balance int not null);
insert into accounts select n, 'o' || n % 7, n * 13 % 101 from generate_series(1, 200) n;
create index accounts_owner on accounts (owner);
create view owners as select owner, count(*) from accounts group by owner;
create sequence counter; select nextval('counter');
create schema evil;
create function wipe() returns int language plpgsql as 'begin delete from accounts; return 1; end';
create function wipe_stable() returns int language plpgsql stable security definer as
  'begin perform set_config(''transaction_read_only'', ''off'', true); return 1; end';
create function wipe_row(accounts) returns int language plpgsql as 'begin delete from accounts; return 1; end';
create function evil.lower(text) returns int language plpgsql as 'begin delete from accounts; return 1; end';
create function evil.plus(int, int) returns int language plpgsql as 'begin delete from accounts; return 1; end';
create operator evil.+# (leftarg = int, rightarg = int, function = evil.plus);
create operator +# (leftarg = int, rightarg = int, function = evil.plus);
create procedure wipe_all() language sql as 'delete from accounts';
create function half(int) returns int language sql immutable as 'select $1 / 2';
select lo_create(4711); select lo_put(4711, 0, 'large');
analyze;
"""


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    with postgres() as running:
        running.sql(POSTGRES_STATE)
        yield running


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test touches the files of whoever runs it."""
    monkeypatch.setenv("MCP_AGENT_HOME", str(tmp_path))
    files = tmp_path / "files"
    files.mkdir()
    return files


@pytest.fixture
def accounts(home: Path) -> Path:
    """A SQLite file with what SQLite can hold: rows, a view, a trigger, full text, an R-tree."""
    path = home / "accounts.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript("""
        create table accounts (id integer primary key autoincrement, owner text not null, balance integer not null);
        with recursive n(i) as (select 1 union all select i + 1 from n where i < 200)
        insert into accounts select i, 'o' || (i % 7), i * 13 % 101 from n;
        create index accounts_owner on accounts (owner);
        create view owners as select owner, count(*) from accounts group by owner;
        create trigger keep after delete on accounts begin select raise(ignore); end;
        create virtual table words using fts5(text);
        insert into words values ('hello world');
        create virtual table boxes using rtree(id, minx, maxx, miny, maxy);
        insert into boxes values (1, 0, 1, 0, 1);
    """)
    connection.close()
    return path
