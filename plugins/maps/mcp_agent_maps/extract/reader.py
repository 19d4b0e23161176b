"""An extract that is ready: one file, read by many threads."""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mcp_agent import ToolError
from mcp_agent_maps.geometry import Box, Point


class Extract:
    """Reads one index. ``name`` is what the person calls it; ``data_date`` the newest day in the data."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self._connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False)
        weakref.finalize(self, self._connection.close)  # also where what follows fails
        self._lock = threading.Lock()
        facts = dict(self.rows("select key, value from facts"))
        self.mark = facts["made_of"]
        self.data_date = facts["data_date"]
        self.box = Box(*json.loads(facts["box"]))
        self.country = facts["country"]
        self.timezone = facts["timezone"]
        self.places, self.segments = int(facts["places"]), int(facts["segments"])

    @property
    def source(self) -> str:
        """Where an answer comes from, for people."""
        return f"local extract '{self.name}', OpenStreetMap data of {self.data_date} (© OpenStreetMap contributors)"

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows at once: nobody else waits longer than one query takes. Raises ToolError where it was closed."""
        try:
            with self._lock:
                return self._connection.execute(statement, values).fetchall()
        except sqlite3.ProgrammingError:
            raise ToolError(f"The extract '{self.name}' has just been replaced.", hint="Ask again.") from None

    def covers(self, *points: Point) -> bool:
        """Whether all of them are in its box, or at most a kilometre off."""
        return all(self.box.holds(point, 0.01) for point in points)

    def close(self) -> None:
        with self._lock:
            self._connection.close()
