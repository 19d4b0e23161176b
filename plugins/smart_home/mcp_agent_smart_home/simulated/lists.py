"""The to-do list and the calendar of the simulated home, in the words of Home Assistant's services."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from mcp_agent import ToolError
from mcp_agent_smart_home.home import Json
from mcp_agent_smart_home.simulated import store


def run(
    connection: sqlite3.Connection,
    domain: str,
    service: str,
    entity_ids: Sequence[str],
    data: Mapping[str, Json],
    now: float,
) -> Json:
    """Run one of their services; there is one list and one calendar."""
    [entity_id] = entity_ids
    if domain == "calendar":
        return {entity_id: {"events": _events(connection, data, now)}}
    if service == "get_items":
        return {entity_id: {"items": _items(connection, data.get("status"))}}
    if service == "add_item":
        due = data.get("due_datetime") or data.get("due_date")
        row = (uuid.uuid4().hex, data["item"], "needs_action", due, data.get("description"))
        connection.execute("insert into items values (?, ?, ?, ?, ?)", row)
    elif service == "remove_item":
        connection.execute("delete from items where uid = ?", (_uid(connection, data["item"]),))
    else:
        uid = _uid(connection, data["item"])
        if "status" in data:
            connection.execute("update items set status = ? where uid = ?", (data["status"], uid))
    count = connection.execute("select count(*) from items where status = 'needs_action'").fetchone()[0]
    row_before = store.thing(connection, entity_id)
    assert row_before is not None
    store.put(connection, (entity_id, str(count), row_before[2], now))
    return None


def _uid(connection: sqlite3.Connection, item: str) -> str:
    row = connection.execute("select uid from items where uid = ?1 or summary = ?1", (item,)).fetchone()
    if row is None:
        raise ToolError(f"There is no item {item!r} on the list.")
    return str(row[0])


def _items(connection: sqlite3.Connection, status: str | None) -> list[Json]:
    rows = connection.execute("select uid, summary, status, due, description from items order by rowid")
    names = ("uid", "summary", "status", "due", "description")
    found = [{name: value for name, value in zip(names, row, strict=True) if value is not None} for row in rows]
    return [item for item in found if status in (None, item["status"])]


def _events(connection: sqlite3.Connection, data: Mapping[str, Json], now: float) -> list[Json]:
    start, end = (datetime.fromisoformat(data[key]).timestamp() for key in ("start_date_time", "end_date_time"))
    rows = connection.execute("select * from events where end > ? and start < ? order by start", (start, end))
    return [{"summary": summary, "start": _iso(begins), "end": _iso(ends)} for summary, begins, ends in rows]


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
