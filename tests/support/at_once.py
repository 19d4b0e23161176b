"""Programs that begin at the same moment."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterable, Iterator
from typing import Any


@contextlib.contextmanager
def at_once(commands: Iterable[list[str]]) -> Iterator[list[subprocess.Popen[str]]]:
    """Each says "ready" and waits for a line. All are there before the first goes on, so that they make a file at once
    as well. None outlives the test."""
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    started = [subprocess.Popen(command, **pipes) for command in commands]
    try:
        for process in started:
            assert process.stdout.readline() == "ready\n", process.stderr.read()
        for process in started:
            process.stdin.write("go\n")
            process.stdin.flush()
        yield started
    finally:
        for process in started:
            process.kill()
            process.communicate()
