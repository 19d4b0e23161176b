"""The facts that a question may be about, from the index of words and from the matrix of meaning."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from mcp_agent_memory.retrieve.rank import Candidate
from mcp_agent_memory.store.facts import LIVE

_COLUMNS = "id, text, since, conversation, superseded_by is not null"
_WEIGHTS = "1.0, 0.8, 0.8, 0.3"
"""Of text, tags, entities and source in BM25."""
_AT_ONCE = 500


class Pool:
    """Candidates by number, each read once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.candidates: dict[int, Candidate] = {}

    def add(self, ids: Iterable[int]) -> list[Candidate]:
        """The candidates of these numbers, in order, without those that are forgotten."""
        wanted = list(ids)
        missing = [fact_id for fact_id in wanted if fact_id not in self.candidates]
        for begin in range(0, len(missing), _AT_ONCE):
            some = missing[begin : begin + _AT_ONCE]
            marks = ",".join("?" * len(some))
            rows = self._connection.execute(f"select {_COLUMNS} from facts where id in ({marks}) and {LIVE}", some)
            self._take(rows)
        return [self.candidates[fact_id] for fact_id in wanted if fact_id in self.candidates]

    def beside(self, candidate: Candidate, reach: int) -> list[Candidate]:
        """What was said right before and after it in the same conversation."""
        if candidate.conversation is None:
            return []
        found: list[int] = []
        for order, sign in (("desc", "<"), ("asc", ">")):
            rows = self._connection.execute(
                f"select {_COLUMNS} from facts where conversation = ? and id {sign} ? and {LIVE}"
                f" order by id {order} limit ?",
                (candidate.conversation, candidate.fact_id, reach),
            )
            found += self._take(rows)
        return [self.candidates[fact_id] for fact_id in found]

    def _take(self, rows: Iterable[tuple[int, str, float, str | None, int]]) -> list[int]:
        numbers = []
        for fact_id, text, since, conversation, superseded in rows:
            numbers.append(fact_id)
            if fact_id not in self.candidates:
                self.candidates[fact_id] = Candidate(fact_id, text, since, conversation, bool(superseded))
        return numbers


def by_words(
    connection: sqlite3.Connection, expression: str | None, limit: int, start: float = 0.0, end: float | None = None
) -> list[tuple[int, float]]:
    """Numbers with BM25, which is larger for what fits better, of facts from a time."""
    if expression is None:
        return []
    if end is None:
        statement = f"select rowid, -bm25(facts_index, {_WEIGHTS}) as fit from facts_index where facts_index match ?"
        rows = connection.execute(f"{statement} order by fit desc, rowid desc limit ?", (expression, limit))
    else:
        rows = connection.execute(
            f"select facts_index.rowid, -bm25(facts_index, {_WEIGHTS}) as fit from facts_index"
            " join facts on facts.id = facts_index.rowid where facts_index match ? and since >= ? and since < ?"
            " order by fit desc, facts_index.rowid desc limit ?",
            (expression, start, end, limit),
        )
    return [(fact_id, fit) for fact_id, fit in rows]


def of_time(connection: sqlite3.Connection, start: float, end: float, limit: int) -> list[int]:
    """Numbers of facts that began to be true in a time, the latest first."""
    rows = connection.execute(
        f"select id from facts where since >= ? and since < ? and {LIVE} order by since desc limit ?",
        (start, end, limit),
    )
    return [row[0] for row in rows]


def newest(connection: sqlite3.Connection, expression: str, limit: int) -> list[int]:
    """Numbers of the newest facts that fit an expression."""
    statement = "select rowid from facts_index where facts_index match ? order by rowid desc limit ?"
    return [row[0] for row in connection.execute(statement, (expression, limit))]


def uses(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, int]:
    """How often each was given before."""
    marks = ",".join("?" * len(ids))
    return dict(connection.execute(f"select fact, count from uses where fact in ({marks})", list(ids)))
