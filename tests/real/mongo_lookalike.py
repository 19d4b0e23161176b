"""A look-alike of MongoDB: NX-27017, which speaks MongoDB's protocol in front of SQLite.

No registry has a real server. What it shows: connecting, pages, types on the wire, restarts. What it does not:
operators it lacks give empty results or errors of its own, it has no users, no time limits and no JavaScript.
"""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

from tests.real.installing import Unavailable, or_skip
from tests.real.python_env import build_env

_PACKAGES = ("nx-27017==0.8.1", "neosqlite==1.17.2", "pymongo==4.20.0")
_READY_SECONDS = 30.0


class MongoLookalike:
    """A server on loopback with a folder for its files; a context manager. It may be stopped and started again."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program, self._folder = program, folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> MongoLookalike:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def url(self, database: str = "shop") -> str:
        return f"mongodb://127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        words = ["--data-dir", str(self._folder / "data"), "--host", "127.0.0.1", "-p", str(self.port)]
        files = ["--log-file", str(self._folder / "nx.log"), "--pid-file", str(self._folder / "nx.pid")]
        with (self._folder / "out.log").open("ab") as out:
            self._process = subprocess.Popen([str(self._program), *words, *files], stdout=out, stderr=out)
        until = time.monotonic() + _READY_SECONDS
        while self._process.poll() is None and time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        self.stop()
        raise AssertionError(f"NX-27017 did not start: {(self._folder / 'out.log').read_text()[-2000:]}")

    def stop(self) -> None:
        """At once: whoever is connected is thrown out."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def mongo_lookalike(folder: Path) -> MongoLookalike:
    """Not started yet. Where it is not to be had the test is skipped, which is a failure in CI."""
    return or_skip(lambda: MongoLookalike(_program(), folder))


def _program() -> Path:
    folder = build_env(*_PACKAGES).parent
    found = next((path for name in ("nx-27017", "nx-27017.exe") if (path := folder / name).exists()), None)
    if found is None:
        raise Unavailable(f"{_PACKAGES[0]} brought no program.")
    return found
