"""Versions of facts: what took the place of what, and how a change is looked at and taken back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mcp_agent_memory.store import facts
from mcp_agent_memory.store.drafts import Draft

Made = list[list[Any]]
"""Facts that some drafts became: number, when, and what superseded them."""
States = Mapping[str, Sequence[Any] | None]
"""By number: superseded_by, superseded_at, until, forgotten_at; None for a fact that is not there."""


def supersede(connection: sqlite3.Connection, old: int, new: int, now: float, until: float) -> None:
    """The new fact takes the place of the old one, which was true until then."""
    connection.execute(
        "update facts set superseded_by = ?, superseded_at = ?, until = coalesce(until, ?) where id = ?",
        (new, now, until, old),
    )


def versions(connection: sqlite3.Connection, fact_id: int) -> list[facts.Fact]:
    """A fact and everything that it took the place of, the latest first."""
    found: list[int] = []
    waiting = [fact_id]
    while waiting:
        one = waiting.pop(0)
        found.append(one)
        rows = connection.execute("select id from facts where superseded_by = ? order by id desc", (one,))
        waiting += [row[0] for row in rows if row[0] not in found]
    return facts.several(connection, found)


def made(connection: sqlite3.Connection, drafts: Iterable[Draft]) -> Made:
    """What there is of these drafts, found by what they say: a call that died gave no numbers."""
    rows = [
        list(row)
        for digest in dict.fromkeys(draft.digest for draft in drafts)
        for row in connection.execute(
            "select id, created, superseded_by from facts where digest = ? and forgotten_at is null", (digest,)
        )
    ]
    return sorted(rows)


def make_as(connection: sqlite3.Connection, drafts: Sequence[Draft], target: Made) -> list[int]:
    """Have exactly those facts of these drafts. Gives the numbers of facts that went."""
    wanted = {number: created for number, created, _ in target}
    there = {number for number, _, _ in made(connection, drafts)}
    gone = sorted(there - wanted.keys())
    if gone:
        facts.delete(connection, gone)
    missing = sorted(wanted.keys() - there)
    fresh = [draft for draft in _unlike(drafts) if not _is_there(connection, draft)]
    for number, draft in zip(missing, fresh, strict=False):
        facts.add(connection, draft, wanted[number], number)
    return gone


def states(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[str, list[Any] | None]:
    found: dict[str, list[Any] | None] = {}
    for fact_id in ids:
        row = connection.execute(
            "select superseded_by, superseded_at, until, forgotten_at from facts where id = ?", (fact_id,)
        ).fetchone()
        found[str(fact_id)] = list(row) if row else None
    return found


def set_states(connection: sqlite3.Connection, target: States) -> None:
    connection.executemany(
        "update facts set superseded_by = ?, superseded_at = ?, until = ?, forgotten_at = ? where id = ?",
        [(*state, int(number)) for number, state in target.items() if state is not None],
    )


def _unlike(drafts: Sequence[Draft]) -> list[Draft]:
    return list({draft.digest: draft for draft in reversed(drafts)}.values())[::-1]


def _is_there(connection: sqlite3.Connection, draft: Draft) -> bool:
    return bool(made(connection, [draft]))
