"""The log: JSON lines in the state folder, and a readable form on stderr.

Whoever logs only puts a record into a bounded queue. A thread for each place writes it, so neither a slow disk nor a
client that does not read stderr holds up anything, and one cannot hold up the other.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from pathlib import Path

from mcp_agent.config import LogSettings
from mcp_agent.logs.files import LogFile
from mcp_agent.logs.forms import LEVELS, json_line, text_line
from mcp_agent.logs.lane import Lane, write_all
from mcp_agent.model import LogLevel

STDERR = 2


def configure(
    file: Path | None, settings: LogSettings, *, stderr: int | None = STDERR, queue: int = 10_000
) -> Callable[[], None]:
    """Log to ``file`` and to the descriptor ``stderr``, where given, from now on; ``queue`` records may wait for each.

    Gives a function that writes what is waiting and ends it. Without it the logging module does that when the
    process ends.
    """
    lanes = []
    if file is not None:
        log_file = LogFile(file, settings)
        lanes.append(Lane(LEVELS[settings.level], json_line, log_file.write, queue))
    if stderr is not None:
        lanes.append(Lane(LEVELS[settings.stderr_level], text_line, functools.partial(_show, stderr), queue))
    _name_levels()
    root = logging.getLogger()
    before = root.level
    root.setLevel(min((lane.level for lane in lanes), default=logging.CRITICAL))
    for lane in lanes:
        root.addHandler(lane)

    def close() -> None:
        for lane in lanes:
            root.removeHandler(lane)
            lane.close()
        root.setLevel(before)

    return close


def _show(descriptor: int, lines: list[bytes], now: float) -> None:
    write_all(descriptor, b"".join(lines))  # not sys.stderr: its lock would be held while nobody reads


def _name_levels() -> None:
    name: LogLevel
    for name, number in LEVELS.items():
        if logging.getLevelName(number).startswith("Level "):
            logging.addLevelName(number, name.upper())
