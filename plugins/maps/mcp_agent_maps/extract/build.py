"""Making the SQLite file: step by step, so that one that was interrupted goes on where it was."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from mcp_agent import ToolError
from mcp_agent_maps.extract import finish, places, roads, shapes
from mcp_agent_maps.extract.source import BadExtract, Contents, Source, refusing
from mcp_agent_maps.extract.tables import TABLES, VERSION

T = TypeVar("T")
Tell = Callable[[float, float, str], None]
"""``(done, total, what)``: how far it is."""

_TELL_EVERY = 2000


class Stopped(Exception):
    """Somebody asked the build to stop. What is finished is kept."""


class Work(Struct, frozen=True, eq=False):
    """What a step works with: where to read, where to write, and whom to tell."""

    source: Source
    contents: Contents
    connection: sqlite3.Connection
    watched: Callable[[Iterable[Any]], Iterator[Any]]
    """Passes objects through, tells how far it is, and stops where that was asked for."""


STEPS: tuple[tuple[str, Callable[[Work], None]], ...] = (
    ("places", places.index),
    ("shapes", shapes.index),
    ("streets", roads.index_streets),
    ("turns", roads.index_turns),
    ("names", finish.index_names),
    ("finish", finish.settle),
)
"""Each is one transaction: after a crash a step is done or not begun."""


def build(path: Path, made: Path, tell: Tell, stop: threading.Event) -> bool:
    """Index ``path`` into ``made``, by way of a file beside it that is moved there when it is whole.

    Says whether it went on with what an earlier run had left. Raises BadExtract for a file that is not whole, ToolError
    where the disk refuses, Stopped. Only the first takes away what was done so far.
    """
    source = Source(path)
    mark = f"{VERSION}-{source.fingerprint()}"
    half = made.with_name(f"{made.name}.{mark}.partial")
    half.parent.mkdir(parents=True, exist_ok=True)
    resumed = half.exists()
    try:
        with closing(sqlite3.connect(half, isolation_level=None)) as connection:
            _run_steps(source, connection, tell, stop)
    except BadExtract:
        half.unlink(missing_ok=True)
        raise
    except sqlite3.Error as error:
        raise ToolError(
            f"The index of {path.name} could not be written: {error}.",
            hint=f"Make room in {half.parent} and load it again: it goes on from where it was.",
        ) from None
    os.replace(half, made)
    for old in made.parent.glob(f"{made.name}.*.partial"):  # of files that nobody went on with
        old.unlink(missing_ok=True)
    return resumed


def _run_steps(source: Source, connection: sqlite3.Connection, tell: Tell, stop: threading.Event) -> None:
    tell(0, len(STEPS), f"looking through {source.path.name}")
    contents = source.contents()
    connection.execute("pragma cache_size = -8000")
    if not connection.execute("select count(*) from sqlite_master").fetchone()[0]:
        connection.executescript(f"begin; {TABLES} commit;")
    done = {name for (name,) in connection.execute("select name from steps")}
    for number, (name, step) in enumerate(STEPS):
        if name in done:
            continue

        def watched(objects: Iterable[T], number: int = number, name: str = name) -> Iterator[T]:
            for count, found in enumerate(objects):
                if not count % _TELL_EVERY:
                    if stop.is_set():
                        raise Stopped
                    tell(number + min(0.99, count / (contents.objects + 1)), len(STEPS), name)
                yield found

        connection.execute("begin")
        with refusing(source.path):
            step(Work(source, contents, connection, watched))
        connection.execute("insert into steps values (?)", (name,))
        connection.execute("commit")
    tell(len(STEPS), len(STEPS), "done")
