"""Meaning: the model, the matrix, and which facts are in it. All of it is made on first use, in a thread."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mcp_agent import Context, ToolError
from mcp_agent_memory.store.schema import database

if TYPE_CHECKING:
    from mcp_agent import TextVectors
    from mcp_agent_memory.retrieve.matrix import Likeness, Matrix

_AT_ONCE = 4_000


class Meaning:
    """What one process holds of it. ``state`` of the plugin."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self.tried = False
        self.model: TextVectors | None = None
        self.matrix: Matrix | None = None
        self.uses: Counter[int] = Counter()
        """Facts that were asked for, not written down yet."""

    def load(self) -> bool:
        """Blocks for a fifth of a second the first time. False where there are no vectors on this machine."""
        with self._lock:
            if not self.tried:
                from mcp_agent import load_vectors
                from mcp_agent_memory.retrieve.matrix import Matrix

                self.model = load_vectors()
                if self.model is not None:
                    self.matrix = Matrix(self._folder, self.model.size)
                self.tried = True
        return self.model is not None

    def ask(self, text: str) -> Likeness | None:
        """How near facts are to a text; None where there are no vectors on this machine."""
        if self.model is None or self.matrix is None:
            return None
        return self.matrix.ask(self.model.embed([text])[0])


def meaning(ctx: Context) -> Meaning:
    """The one of this process: there is one matrix, whoever asks."""
    if ctx.state is None:
        try:
            ctx.state = Meaning(ctx.data_dir)
        except ToolError:  # a host that keeps nothing
            ctx.state = Meaning(None)
    found: Meaning = ctx.state
    return found


async def ready(ctx: Context) -> Meaning:
    """With the model loaded, where there is one."""
    here = meaning(ctx)
    if not here.tried:
        await ctx.in_thread(here.load)
    return here


def behind(connection: sqlite3.Connection, here: Meaning) -> bool:
    """Whether there are facts without a vector, or vectors of another model."""
    if here.model is None or here.matrix is None:
        return False
    return (
        connection.execute("select 1 from unembedded limit 1").fetchone() is not None
        or not here.matrix.exists
        or _model_of_matrix(connection) != here.model.name
    )


async def catch_up(ctx: Context) -> None:
    """Make the vectors of facts that have none yet, whoever remembered them. After a crash this makes the rest."""
    here, store = await ready(ctx), database(ctx)
    if here.model is None or here.matrix is None:
        return
    if not here.matrix.exists or await store.read(_model_of_matrix) != here.model.name:
        await ctx.in_thread(here.matrix.make)
        await store.write(_all_anew(here.model.name))
    while waiting := await store.read(_waiting):
        ids = [fact_id for fact_id, _ in waiting]
        await ctx.in_thread(lambda: _make(here, ids, [text for _, text in waiting]))  # noqa: B023  awaited at once
        gone = await store.write(_settle(ids))
        await wipe(ctx, gone)


async def wipe(ctx: Context, ids: Sequence[int]) -> None:
    """Leave nothing of facts that are gone, whether or not this process has used vectors."""
    if not ids:
        return
    matrix = (await ready(ctx)).matrix
    if matrix is not None:
        await ctx.in_thread(lambda: matrix.wipe(ids))


def _make(here: Meaning, ids: list[int], texts: list[str]) -> None:
    assert here.model is not None
    assert here.matrix is not None
    here.matrix.put(ids, here.model.embed(texts))


def _settle(ids: Sequence[int]) -> Callable[[sqlite3.Connection], list[int]]:
    """These have their vectors. Gives those that were forgotten meanwhile, whose vectors must go again."""

    def work(connection: sqlite3.Connection) -> list[int]:
        connection.executemany("delete from unembedded where fact = ?", [(fact_id,) for fact_id in ids])
        exists = "select 1 from facts where id = ?"
        return [fact_id for fact_id in ids if connection.execute(exists, (fact_id,)).fetchone() is None]

    return work


def _waiting(connection: sqlite3.Connection) -> list[tuple[int, str]]:
    statement = (
        "select facts.id, facts.text from unembedded join facts on facts.id = unembedded.fact order by facts.id limit ?"
    )
    return connection.execute(statement, (_AT_ONCE,)).fetchall()


def _model_of_matrix(connection: sqlite3.Connection) -> str | None:
    row = connection.execute("select value from notes where key = 'vectors'").fetchone()
    return row[0] if row else None


def _all_anew(name: str) -> Any:
    def work(connection: sqlite3.Connection) -> None:
        connection.execute("insert or ignore into unembedded select id from facts")
        connection.execute("insert or replace into notes values ('vectors', ?)", (name,))

    return work
