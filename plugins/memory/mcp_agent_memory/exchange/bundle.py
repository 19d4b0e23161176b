"""What goes into a file and comes out of one, whatever its form."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, TypeVar

from msgspec import DecodeError, Struct, field

from mcp_agent_memory.guard import find_secrets
from mcp_agent_memory.store import entities, facts, history
from mcp_agent_memory.store.drafts import Draft
from mcp_agent_memory.store.entities import Relation
from mcp_agent_memory.store.facts import Fact

T = TypeVar("T")
Form = Literal["jsonl", "markdown", "official"]


class Entry(Struct, frozen=True):
    """A fact in a file. ``number`` and ``superseded_by`` are those of the home it came from."""

    draft: Draft
    created: float | None = None
    number: int | None = None
    superseded_by: int | None = None


class Bundle(Struct, frozen=True):
    """``kinds`` by name of entity. ``skipped`` says which lines were left out, and why."""

    entries: list[Entry] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    kinds: dict[str, str | None] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)

    def read(self, lines: Iterable[bytes], decode: Callable[[bytes], T]) -> Iterator[tuple[str, T]]:
        """What each line of JSON says, with where it stands. Lines that are something else are skipped."""
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            where = f"line {number}"
            try:
                one = decode(line)
            except (DecodeError, UnicodeDecodeError, RecursionError) as error:
                self.skipped.append(f"{where}: {error}")
            else:
                yield where, one

    def add(self, entry: Entry, where: str) -> None:
        """Take a fact, unless it holds a secret or nothing."""
        found = find_secrets(entry.draft.text)
        if found:
            self.skipped.append(f"{where}: it holds what looks like {found[0].kind}")
        elif entry.draft.text.strip():
            self.entries.append(entry)


class Kept(Struct, frozen=True):
    """What a home holds, in the order of numbers."""

    facts: list[Fact]
    relations: list[Relation]
    kinds: dict[str, str | None]


def everything(connection: sqlite3.Connection) -> Kept:
    rows = connection.execute(f"select {facts.COLUMNS} from facts where {facts.LIVE} order by id")
    kinds = dict(connection.execute("select name, kind from entities order by id"))
    return Kept(facts.facts_of(rows), entities.all_relations(connection), kinds)


def take_in(connection: sqlite3.Connection, bundle: Bundle, now: float, again: Sequence[int] = ()) -> tuple[int, int]:
    """Keep what is in a file. Gives how many facts are new, and how many were known. ``again`` are the numbers that the
    new ones had before."""
    had = iter(again)
    numbers: dict[int, int] = {}
    new = 0
    for entry in bundle.entries:
        there = _there(connection, entry.draft)
        number = facts.add(connection, entry.draft, entry.created or now, next(had, None)) if there is None else there
        new += there is None
        if entry.number is not None:
            numbers[entry.number] = number
    for entry in bundle.entries:
        old, later = numbers.get(entry.number or 0), numbers.get(entry.superseded_by or 0)
        if old is not None and later is not None and old != later:
            history.supersede(connection, old, later, now, entry.draft.until or now)
    for name, kind in bundle.kinds.items():
        entities.make(connection, name, kind)
    for relation in bundle.relations:
        _relate(connection, relation, now)
    return new, len(bundle.entries) - new


def state(connection: sqlite3.Connection, bundle: Bundle) -> dict[str, Any]:
    """What there is of a file, found by what it says."""
    held = [
        list(row)
        for relation in bundle.relations
        for row in connection.execute(
            "select s.key, relation, o.key from relations join entities s on s.id = subject"
            " join entities o on o.id = object where s.key = ? and relation = ? and o.key = ?",
            (entities.key_of(relation.subject), relation.relation, entities.key_of(relation.object)),
        )
    ]
    names = [name for name in bundle.kinds if entities.find(connection, name)]
    return {
        "facts": history.made(connection, [entry.draft for entry in bundle.entries]), "relations": sorted(held),
        "names": sorted(names),
    }  # fmt: skip


def make_as(connection: sqlite3.Connection, bundle: Bundle, target: dict[str, Any]) -> list[int]:
    """Have that of a file which a state says. Gives the numbers of facts that went."""
    now = state(connection, bundle)
    missing = sorted({one[0] for one in target["facts"]} - {one[0] for one in now["facts"]})
    if missing:
        take_in(connection, bundle, target["facts"][0][1], missing)
        return []
    gone = history.make_as(connection, [entry.draft for entry in bundle.entries], target["facts"])
    connection.executemany(
        "delete from relations where subject = (select id from entities where key = ?) and relation = ?"
        " and object = (select id from entities where key = ?)",
        [one for one in now["relations"] if one not in target["relations"]],
    )
    new_names = (entities.find(connection, name) for name in bundle.kinds if name not in target["names"])
    entities.sweep(connection, [one[0] for one in new_names if one])
    return gone


def _there(connection: sqlite3.Connection, draft: Draft) -> int | None:
    """Current or superseded: a file may hold the history too."""
    made = history.made(connection, [draft])
    return made[0][0] if made else None


def _relate(connection: sqlite3.Connection, relation: Relation, now: float) -> None:
    ends = (entities.make(connection, name) for name in (relation.subject, relation.object))
    since, until = (None if one is None else one.timestamp() for one in (relation.since, relation.until))
    subject, object_ = ends
    connection.execute(
        "insert or ignore into relations (subject, relation, object, source, since, until, created)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        (subject, relation.relation, object_, relation.source, since, until, now),
    )


def names_of(found: Iterable[Fact]) -> list[str]:
    """Each once, in the order of their first fact."""
    return list(dict.fromkeys(name for fact in found for name in fact.entities))
