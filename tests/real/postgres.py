"""A real PostgreSQL from Debian's packages: a cluster of its own on loopback, run as an unprivileged user."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from tests.real import debian
from tests.real.installing import Unavailable, or_skip

_PLACES = ("/usr/lib/postgresql", "/usr/local/bin", "/opt/homebrew/bin")
_SECONDS = 60


class PostgresServer:
    """A server with a folder of its own; a context manager. It may be stopped and started again."""

    def __init__(self, programs: Path, preload: str) -> None:
        self.port = _free_port()
        self.folder = Path()
        self._programs, self._preload = programs, preload

    def __enter__(self) -> PostgresServer:
        # not in pytest's folders: those are closed for the unprivileged user that PostgreSQL wants
        self.folder = Path(tempfile.mkdtemp(prefix="mcp-agent-postgres-")) / "cluster"
        self.folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            self.folder.parent.chmod(0o711)
            shutil.chown(self.folder, "postgres", "postgres")
        words = ["-D", str(self.folder), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        self._run("initdb", *words)
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder.parent)

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        options += f" -c shared_preload_libraries='{self._preload}'"
        self._run("pg_ctl", "-D", str(self.folder), "-l", str(self.folder / "log"), "-w", "-o", options, "start")

    def stop(self) -> None:
        """At once: whoever is connected is thrown out."""
        pid = self.folder / "postmaster.pid"
        if pid.exists():
            self._run("pg_ctl", "-D", str(self.folder), "-m", "fast", "-w", "stop")

    def kill(self) -> None:
        """As if the machine had lost power."""
        os.kill(int((self.folder / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)

    def sql(self, script: str, database: str = "postgres") -> str:
        """Run a script as the superuser, through psql; gives what it prints, one row a line."""
        psql = shutil.which("psql") or str(self._programs / "psql")
        words = [psql, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.url(database)]
        done = subprocess.run(words, input=script, capture_output=True, text=True, timeout=_SECONDS, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _run(self, program: str, *words: str) -> None:
        command: Sequence[str] = [str(self._programs / program), *words]
        owner = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        log = self.folder.parent / "commands.log"
        with log.open("ab") as out:  # a pipe would stay open as long as the server runs
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=_SECONDS, cwd="/", check=False,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, **owner,  # type: ignore[call-overload]
            )  # fmt: skip
        if done.returncode:
            raise AssertionError(f"{program} failed: {log.read_text()[-2000:]}")


def postgres(preload: str = "") -> PostgresServer:
    """Not started yet; ``preload`` names libraries that come with it. Where it is not to be had the test is skipped,
    which is a failure in CI."""
    return or_skip(lambda: PostgresServer(_installed(), preload))


def _installed() -> Path:
    found = _programs()
    if found is None:
        configuration = Path("/etc/postgresql-common/createcluster.conf")
        if os.geteuid() == 0 and not configuration.exists():  # Debian's package would start a server of its own
            configuration.parent.mkdir(parents=True, exist_ok=True)
            configuration.write_text("create_main_cluster = false\n")
        debian.install({"pg_ctlcluster": "postgresql"})
        found = _programs()
    if found is None:
        raise Unavailable("There is no PostgreSQL: neither initdb nor pg_ctl were found.")
    return found


def _programs() -> Path | None:
    for place in _PLACES:
        for found in sorted(Path(place).glob("**/initdb"), reverse=True):
            if (found.parent / "pg_ctl").exists():
                return found.resolve().parent
    return None


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
