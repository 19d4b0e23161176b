"""What of the simulated home lasts: states and their changes, configurations, lists and runs, in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from mcp_agent_smart_home.home import Json, Kind, Moment
from mcp_agent_smart_home.simulated import house

_MOST_RUNS = 50

Row = tuple[str, str, dict[str, Json], float]
"""A thing: entity id, state, attributes, when its state changed."""


def create(connection: sqlite3.Connection) -> None:
    for statement in (
        "create table things (entity_id text primary key, state text not null, attributes blob, changed real not null)",
        "create table changes (entity_id text not null, at real not null, state text not null)",
        "create index changes_of on changes (entity_id, at)",
        "create table configs (kind text, key text, value blob not null, primary key (kind, key))",
        "create table items (uid text primary key, summary text not null, status text not null, due text)",
        "create table events (summary text not null, start real not null, end real not null)",
        "create table runs (number integer primary key, key text not null, run blob not null)",
        "create table built (at real not null)",
    ):
        connection.execute(statement)


def describe_items(connection: sqlite3.Connection) -> None:
    connection.execute("alter table items add column description text")


def build(connection: sqlite3.Connection, now: float) -> float:
    """When the home was built: now, if it is not there yet."""
    row = connection.execute("select at from built").fetchone()
    if row is not None:
        return float(row[0])
    connection.execute("insert into built values (?)", (now,))
    for thing in house.THINGS:
        attributes = {"friendly_name": thing.name, **thing.attributes}
        past = [(now - 86400, thing.state)]
        past += [(now - hours * 3600, state) for hours, state in thing.past]
        put(connection, (thing.entity_id, thing.state, attributes, past[-1][0]))
        connection.executemany(
            "insert into changes values (?, ?, ?)", [(thing.entity_id, at, state) for at, state in past]
        )
    connection.executemany("insert into items (uid, summary, status) values (?, ?, ?)", house.TODO)
    connection.executemany(
        "insert into events values (?, ?, ?)",
        [(summary, now + start * 3600, now + end * 3600) for summary, start, end in house.EVENTS],
    )
    for key, value in house.AUTOMATIONS.items():
        write_config(connection, "automation", key, value)
    for key, value in house.SCENES.items():
        write_config(connection, "scene", key, value)
    return now


def things(connection: sqlite3.Connection) -> list[Row]:
    rows = connection.execute("select entity_id, state, attributes, changed from things order by rowid")
    return [(entity_id, state, msgspec.json.decode(raw), changed) for entity_id, state, raw, changed in rows]


def thing(connection: sqlite3.Connection, entity_id: str) -> Row | None:
    row = connection.execute("select * from things where entity_id = ?", (entity_id,)).fetchone()
    return None if row is None else (row[0], row[1], msgspec.json.decode(row[2]), row[3])


def put(connection: sqlite3.Connection, row: Row) -> None:
    entity_id, state, attributes, changed = row
    connection.execute(
        "insert into things values (?, ?, ?, ?) on conflict (entity_id) do update set state = excluded.state,"
        " attributes = excluded.attributes, changed = excluded.changed",
        (entity_id, state, msgspec.json.encode(attributes), changed),
    )


def set_state(
    connection: sqlite3.Connection, entity_id: str, state: str, attributes: dict[str, Json], now: float
) -> None:
    """With a note of the change, where it is one."""
    row = thing(connection, entity_id)
    if row is not None and row[1] == state:
        now = row[3]
    else:
        connection.execute("insert into changes values (?, ?, ?)", (entity_id, now, state))
    put(connection, (entity_id, state, attributes, now))


def changes(connection: sqlite3.Connection, entity_id: str, start: float, end: float) -> Sequence[Moment]:
    """In a period; the state it began with first."""
    before = connection.execute(
        "select state from changes where entity_id = ? and at <= ? order by at desc, rowid desc limit 1",
        (entity_id, start),
    ).fetchone()
    rows = connection.execute(
        "select at, state from changes where entity_id = ? and at > ? and at < ? order by at, rowid",
        (entity_id, start, end),
    )
    found = [Moment(at, state) for at, state in rows]
    return [Moment(start, before[0]), *found] if before else found


# --- configurations ------------------------------------------------------------------------------


def config(connection: sqlite3.Connection, kind: Kind, key: str) -> Json:
    row = connection.execute("select value from configs where kind = ? and key = ?", (kind, key)).fetchone()
    return None if row is None else msgspec.json.decode(row[0])


def entity_of(kind: Kind, name: str) -> str:
    slug = "".join(letter if letter.isalnum() else "_" for letter in name.lower()).strip("_")
    return f"{kind}.{slug or 'unnamed'}"


def write_config(connection: sqlite3.Connection, kind: Kind, key: str, value: Json, now: float = 0.0) -> None:
    """With the entity that goes with it. One that had another name before loses that."""
    drop_config(connection, kind, key)
    connection.execute("insert into configs values (?, ?, ?)", (kind, key, msgspec.json.encode(value)))
    name = value["alias"] if kind == "automation" else value["name"]
    entity_id = entity_of(kind, name)
    if thing(connection, entity_id) is not None:
        entity_id = f"{entity_id}_{key}"
    attributes: dict[str, Json] = {"friendly_name": name, "id": key}
    if kind == "scene":
        attributes["entity_id"] = sorted(value["entities"])
    put(connection, (entity_id, "on" if kind == "automation" else "unknown", attributes, now))


def drop_config(connection: sqlite3.Connection, kind: Kind, key: str) -> None:
    connection.execute("delete from configs where kind = ? and key = ?", (kind, key))
    for entity_id, _, attributes, _ in things(connection):
        if entity_id.startswith(f"{kind}.") and attributes.get("id") == key:
            connection.execute("delete from things where entity_id = ?", (entity_id,))


# --- runs of automations -------------------------------------------------------------------------


def add_run(connection: sqlite3.Connection, key: str, run: Json) -> None:
    connection.execute("insert into runs (key, run) values (?, ?)", (key, msgspec.json.encode(run)))
    connection.execute("delete from runs where number <= (select max(number) from runs) - ?", (_MOST_RUNS,))


def runs(connection: sqlite3.Connection, key: str) -> list[dict[str, Json]]:
    """Newest first."""
    rows = connection.execute("select number, run from runs where key = ? order by number desc", (key,))
    return [{"run_id": str(number), **msgspec.json.decode(run)} for number, run in rows]
