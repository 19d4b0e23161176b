"""Reading files that another program writes at the same time, and only those that changed since."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from mcp_agent_steam.library.values import Problem

T = TypeVar("T")
Parsed = tuple[T, str | None]

MOST_BYTES = 64 * 2**20


class Files:
    """What was parsed, by path, time of change and size. Holds what the last round asked for, and nothing older."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[int, int, Any]] = {}
        self._round: dict[str, tuple[int, int, Any]] = {}
        self.problems: list[Problem] = []
        self.read = 0
        """How many files were really read, for tests."""

    def begin(self) -> None:
        """A new round: what it does not ask for is forgotten at its end."""
        self._round, self.problems = {}, []

    def end(self) -> None:
        self._kept, self._round = self._round, {}

    def get(
        self,
        path: Path | os.DirEntry[str],
        parse: Callable[[bytes], Parsed[T]],
        otherwise: T,
        *,
        at_most: int = MOST_BYTES,
        missing_is_fine: bool = False,
    ) -> T:
        """What ``parse`` makes of the file; a problem is noted. ``otherwise`` where it cannot be read at all."""
        place = os.fspath(path)
        try:
            state = path.stat()
            value: T
            known = self._kept.get(place)
            if known is not None and known[:2] == (state.st_mtime_ns, state.st_size):
                value, problem = known[2]
            elif not stat.S_ISREG(state.st_mode):  # opening a pipe would wait without end
                value, problem = otherwise, "it is no file"
            elif state.st_size > at_most:
                value, problem = otherwise, f"it has {state.st_size:,} bytes, more than such a file ever has"
            else:
                value, problem = self._parse(place, parse, at_most)
            self._round[place] = (state.st_mtime_ns, state.st_size, (value, problem))
        except FileNotFoundError:
            if not missing_is_fine:
                self.note(place, "it is gone")
            return otherwise
        except OSError as error:
            self.note(place, f"it cannot be read: {error.strerror}")
            return otherwise
        if problem:
            self.note(place, problem)
        return value

    def note(self, place: str | Path, what: str) -> None:
        self.problems.append(Problem(str(place), what))

    def _parse(self, place: str, parse: Callable[[bytes], Parsed[T]], at_most: int) -> Parsed[T]:
        self.read += 1
        with open(place, "rb") as file:
            return parse(file.read(at_most))


def decoded(data: bytes) -> str:
    """Text of a file of Steam: UTF-8, with whatever is not, replaced."""
    return data.decode("utf-8-sig", "replace")
