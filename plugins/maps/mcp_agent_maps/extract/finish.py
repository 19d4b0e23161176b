"""The last steps: the index of names, and the facts about the whole."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from mcp_agent_maps.extract.tables import INDEXES
from mcp_agent_maps.geometry import Box
from mcp_agent_maps.places.kinds import kinds_of, word_for

if TYPE_CHECKING:
    from mcp_agent_maps.extract.build import Work

_OTHER_NAMES = (
    "alt_name",
    "old_name",
    "short_name",
    "official_name",
    "loc_name",
    "int_name",
    "brand",
    "operator",
    "ref",
)
_ABOUT = ("cuisine", "brand", "denomination", "sport")


def index_names(work: Work) -> None:
    """Everything that has a name or an address can be found by its words."""
    rows = work.connection.execute(
        "select id, name, address, tags from places where name is not null or address not null"
    )
    for number, name, address, text in work.watched(rows.fetchall()):
        tags = json.loads(text)
        row = (number, name, " ".join(_other_names(tags)), address, _about(tags))
        work.connection.execute("insert into names (rowid, name, other, address, about) values (?, ?, ?, ?, ?)", row)


def _other_names(tags: Mapping[str, str]) -> list[str]:
    told = [value for key, value in tags.items() if key in _OTHER_NAMES or key.startswith(("name:", "alt_name:"))]
    return list(dict.fromkeys(told))


def _about(tags: Mapping[str, str]) -> str:
    kinds = kinds_of(tags)
    words = [word_for([kind]) for kind in kinds] + [tags[key].replace("_", " ") for key in _ABOUT if key in tags]
    return " ".join(words)


def settle(work: Work) -> None:
    """Facts, and the indexes that are only needed for reading."""
    connection = work.connection
    box = work.contents.box or _box(connection)
    facts = {
        "source": work.source.path.name,
        "data_date": work.contents.data_date,
        "box": json.dumps(box),
        "country": _country(connection),
        "timezone": _timezone(box),
        "places": str(connection.execute("select count(*) from places").fetchone()[0]),
        "segments": str(connection.execute("select count(*) from segments").fetchone()[0]),
        "made_of": work.source.fingerprint(),
    }
    connection.executemany("insert or replace into facts values (?, ?)", facts.items())
    for statement in filter(str.strip, INDEXES.split(";")):
        connection.execute(statement)


def _box(connection: sqlite3.Connection) -> Box:
    """Around everything, where the file does not say."""
    sides = "min(south), min(west), max(north), max(east)"
    rows = [connection.execute(f"select {sides} from {table}").fetchone() for table in ("places_box", "segments_box")]
    known = [row for row in rows if row[0] is not None] or [(0.0, 0.0, 0.0, 0.0)]
    south, west, north, east = zip(*known, strict=True)
    return Box(*(round(side, 6) for side in (min(south), min(west), max(north), max(east))))


def _country(connection: sqlite3.Connection) -> str:
    """The one that most addresses name, for its public holidays; empty where none does."""
    rows = connection.execute("select tags ->> 'addr:country' from places where tags like '%addr:country%'")
    counted = Counter(country for (country,) in rows if country and len(country) == 2)
    return counted.most_common(1)[0][0] if counted else ""


def _timezone(box: Box) -> str:
    import tzfpy

    return tzfpy.get_tz((box.west + box.east) / 2, (box.south + box.north) / 2) or "UTC"
