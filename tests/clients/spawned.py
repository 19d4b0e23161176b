"""Running a foreign client that starts ``mcp-agent serve`` itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

SERVE = (str(Path(sys.executable).with_name("mcp-agent")), "serve", "--plugin", "tests.plugins.everything")
_SECONDS = 120


class Ended(NamedTuple):
    """How a client ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed. Fails the test, with what it complained about, when it did not end well."""
        assert self.code == 0, f"exit code {self.code}: {self.err[-4000:]}"
        return msgspec.json.decode(self.out)


def run(command: Sequence[str | Path], home: Path) -> Ended:
    """Run a client to its end. ``home`` is its home folder, where it may keep what it likes."""
    done = subprocess.run(
        [str(part) for part in command], env={**os.environ, "HOME": str(home)}, cwd=home, text=True, encoding="utf-8",
        capture_output=True, stdin=subprocess.DEVNULL, timeout=_SECONDS, check=False,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)
