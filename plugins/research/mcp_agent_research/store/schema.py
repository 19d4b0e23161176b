"""The plugin's database. A source is cut into passages that, put together, are its text again.

``taken`` is when a source was first found as it is, ``seen`` when last. A file that was changed is another source; the
one before it stays, no longer ``current``, where a job cites it.
"""

from __future__ import annotations

import sqlite3

from mcp_agent import Context, Database


def _first(connection: sqlite3.Connection) -> None:
    connection.execute(
        "create table sources (id integer primary key autoincrement, kind text not null, address text not null,"
        " title text not null, taken real not null, seen real not null, published text, sha256 text not null,"
        " version text not null, size integer not null, current integer not null default 1)"
    )
    connection.execute("create index sources_by_address on sources (address, id)")
    connection.execute(
        "create table passages (id integer primary key, source integer not null references sources on delete cascade,"
        " heading text not null, text text not null)"
    )
    connection.execute("create index passages_by_source on passages (source, id)")
    connection.execute(
        "create virtual table passage_index using fts5"
        "(heading, text, content='passages', content_rowid='id', tokenize='porter unicode61')"
    )
    connection.execute(
        "create trigger passage_added after insert on passages begin"
        " insert into passage_index (rowid, heading, text) values (new.id, new.heading, new.text); end"
    )
    connection.execute(
        "create trigger passage_gone after delete on passages begin"
        " insert into passage_index (passage_index, rowid, heading, text)"
        " values ('delete', old.id, old.heading, old.text); end"
    )
    connection.execute(
        "create table jobs (id text primary key, created real not null, status text not null, state blob not null,"
        " owner text, owned_until real not null default 0)"
    )
    connection.execute(
        "create table job_sources (job text not null references jobs on delete cascade,"
        " source integer not null references sources on delete cascade, primary key (job, source))"
    )


MIGRATIONS = [_first]


def database(ctx: Context) -> Database:
    """The research of this home."""
    return ctx.database("research", MIGRATIONS)
