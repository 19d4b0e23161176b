"""Homes of the first version go on working."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from mcp_agent import Host
from tests.support.memory import BOILER, KEY, call, on_host, recall, remember

FIRST_VERSION = """
create table facts (id integer primary key autoincrement, text text not null, source text, tags text not null,
  created real not null);
create virtual table facts_index using fts5
  (text, tags, source, content='facts', content_rowid='id', tokenize='porter unicode61');
create trigger facts_added after insert on facts begin
  insert into facts_index (rowid, text, tags, source) values (new.id, new.text, new.tags, new.source); end;
create trigger facts_gone after delete on facts begin
  insert into facts_index (facts_index, rowid, text, tags, source)
  values ('delete', old.id, old.text, old.tags, old.source); end;
pragma user_version = 1;
"""


def test_a_home_of_the_first_version(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "plugins" / "memory"
    folder.mkdir(parents=True)
    old = sqlite3.connect(folder / "memory.sqlite3")
    old.execute("pragma journal_mode = wal")
    old.executescript(FIRST_VERSION)
    insert = "insert into facts (id, text, source, tags, created) values (?, ?, ?, ?, ?)"
    old.execute(insert, (3, KEY, "Anna", json.dumps(["home"]), 1_700_000_000.25))
    old.execute(insert, (7, BOILER, None, "[]", 1_710_000_000.0))
    old.execute("delete from facts where id = 7")
    old.execute(insert, (8, BOILER, None, "[]", 1_710_000_000.0))
    old.commit()
    old.close()

    async def work(host: Host) -> None:
        newest = (await call(host, "recent"))["facts"]
        assert newest == [
            {"id": 8, "text": BOILER, "created": "2024-03-09T16:00:00Z"},
            {"id": 3, "text": KEY, "created": "2023-11-14T22:13:20Z", "source": "Anna", "tags": ["home"]},
        ]
        for query, found in {"flower pot": KEY, "heating maintenance": BOILER, "anna": KEY, "home": KEY}.items():
            assert (await recall(host, query))[0] == found
        assert (await call(host, "timeline", date="2023-12"))["facts"][0]["id"] == 3
        assert await remember(host, KEY) == [3]  # it knows what it has
        assert await remember(host, "new") == [9]
        assert await call(host, "update", id=3, text="The key is gone.") == {"id": 10, "was": 3}
        assert (await host.undo()).stopped is None

    on_host(work, tmp_path)
    on_host(lambda host: _still_there(host), tmp_path)


async def _still_there(host: Host) -> None:
    assert (await host.checks())["memory"] == "3 facts."
