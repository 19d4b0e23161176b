"""The tables. A migration that was released is never edited: another is added."""

from __future__ import annotations

import sqlite3

from mcp_agent import Context, Database
from mcp_agent_memory.store.drafts import digest_of


def _first(connection: sqlite3.Connection) -> None:
    connection.execute(
        "create table facts (id integer primary key autoincrement, text text not null, source text,"
        " tags text not null, created real not null)"
    )
    connection.execute(
        "create virtual table facts_index using fts5"
        "(text, tags, source, content='facts', content_rowid='id', tokenize='porter unicode61')"
    )
    connection.execute(
        "create trigger facts_added after insert on facts begin"
        " insert into facts_index (rowid, text, tags, source) values (new.id, new.text, new.tags, new.source); end"
    )
    connection.execute(
        "create trigger facts_gone after delete on facts begin"
        " insert into facts_index (facts_index, rowid, text, tags, source)"
        " values ('delete', old.id, old.text, old.tags, old.source); end"
    )


def _second(connection: sqlite3.Connection) -> None:
    """Time, versions, conversations, entities, relations, and what the ranking wants to know."""
    for column in (
        "entities text not null default '[]'",  # names as JSON; the table mentions has them for looking up
        "conversation text",
        "since real not null default 0",  # when it began to be true: the time of remembering unless it was said
        "until real",
        "digest blob not null default x''",
        "superseded_by integer",
        "superseded_at real",
        "forgotten_at real",
    ):
        connection.execute(f"alter table facts add column {column}")
    for fact_id, text, created in connection.execute("select id, text, created from facts").fetchall():
        connection.execute(
            "update facts set since = ?, digest = ? where id = ?", (created, digest_of(text, None, None), fact_id)
        )
    connection.execute("create index facts_by_digest on facts (digest)")
    connection.execute("create index facts_by_time on facts (since)")
    connection.execute("create index facts_by_talk on facts (conversation, id) where conversation is not null")
    connection.execute("create index facts_by_version on facts (superseded_by) where superseded_by is not null")
    _new_index(connection)
    for table in (
        "entities (id integer primary key, name text not null, key text not null unique, kind text)",
        "mentions (entity integer not null references entities on delete cascade,"
        " fact integer not null references facts on delete cascade, primary key (entity, fact)) without rowid",
        "relations (id integer primary key, subject integer not null references entities on delete cascade,"
        " relation text not null, object integer not null references entities on delete cascade, source text,"
        " since real, until real, created real not null, unique (subject, relation, object))",
        "uses (fact integer primary key references facts on delete cascade,"
        " count integer not null, last real not null)",
        "unembedded (fact integer primary key)",  # facts whose vector is not in the matrix yet
        "notes (key text primary key, value text not null)",
        "exports (path text primary key, at real not null)",
    ):
        connection.execute(f"create table {table}")
    connection.execute("create index mentions_by_fact on mentions (fact)")
    connection.execute("create index relations_by_object on relations (object)")
    connection.execute("insert into unembedded select id from facts")


def _new_index(connection: sqlite3.Connection) -> None:
    connection.execute("drop trigger facts_added")
    connection.execute("drop trigger facts_gone")
    connection.execute("drop table facts_index")
    connection.execute(
        "create virtual table facts_index using fts5 (text, tags, entities, source,"
        " content='facts', content_rowid='id', tokenize='porter unicode61', prefix='3')"
    )
    connection.execute("insert into facts_index (facts_index) values ('rebuild')")
    connection.execute(
        "create trigger facts_added after insert on facts begin"
        " insert into facts_index (rowid, text, tags, entities, source)"
        " values (new.id, new.text, new.tags, new.entities, new.source);"
        " insert or ignore into unembedded values (new.id); end"
    )
    connection.execute(
        "create trigger facts_gone after delete on facts begin"
        " insert into facts_index (facts_index, rowid, text, tags, entities, source)"
        " values ('delete', old.id, old.text, old.tags, old.entities, old.source);"
        " delete from unembedded where fact = old.id; end"
    )


MIGRATIONS = [_first, _second]


def database(ctx: Context) -> Database:
    """The facts of this home."""
    return ctx.database("memory", MIGRATIONS)
