"""A look-alike of Supabase: @supabase/lite, by Supabase itself, alpha, in front of SQLite.

No registry has PostgREST. What it shows: keys, row level security, filters, pages and errors as PostgREST has them.
What it does not: its description names no tables, it knows one schema, and fails at backslashes inside of groups.
"""

from __future__ import annotations

import re
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

from tests.real.installing import run
from tests.real.node import node, npm_packages

_PACKAGE = "@supabase/lite@0.10.0"
_READY_SECONDS = 60.0


class SupabaseLookalike:
    """A project on loopback; a context manager. Without ``--no-admin`` it would ask for no key."""

    def __init__(self, folder: Path, schema: str, rows: str) -> None:
        self._folder, self._node = folder, node()
        self._program = npm_packages(_PACKAGE) / "@supabase" / "lite" / "dist" / "cli" / "index.js"
        self._schema, self._rows = schema, rows
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.publishable = self.secret = ""

    def __enter__(self) -> SupabaseLookalike:
        words = [str(self._node), str(self._program), "--no-telemetry"]
        run(["env", "-C", str(self._folder), *words, "init"])
        keys = dict(re.findall(r"SUPABASE_(\w+)_KEY=(\S+)", (self._folder / ".env").read_text()))
        self.publishable, self.secret = keys["PUBLISHABLE"], keys["SECRET"]
        project = self._folder / "supabase"
        config = project / "config.toml"
        config.write_text(re.sub(r"port = \d+", f"port = {self.port}", config.read_text(), count=1))
        (project / "schemas").mkdir(exist_ok=True)
        (project / "schemas" / "schema.sql").write_text(self._schema)
        (project / "seed.sql").write_text(self._rows)
        self._log = self._folder / "lite.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [*words, "dev", "--no-admin", "--host", "127.0.0.1"], cwd=self._folder, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
        until = time.monotonic() + _READY_SECONDS
        while self._process.poll() is None and time.monotonic() < until:
            if b"Ready in" in self._log.read_bytes():
                return self
            time.sleep(0.05)
        self.__exit__(None, None, None)
        raise AssertionError(f"@supabase/lite did not start: {self._log.read_text()[-2000:]}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
