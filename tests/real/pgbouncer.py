"""A real pooler in front of PostgreSQL, as hosted databases have it: each transaction may get another connection."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.real import debian
from tests.real.postgres import PostgresServer

_SECONDS = 20.0
_CONFIGURATION = """
[databases]
* = host=127.0.0.1 port={server} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
"""
"""Two connections to the server for all clients."""


@contextmanager
def pooler(server: PostgresServer) -> Iterator[str]:
    """The address through it. Where it is not to be had the test is skipped, which is a failure in CI."""
    debian.programs(pgbouncer="pgbouncer")
    folder = Path(tempfile.mkdtemp(prefix="mcp-agent-pgbouncer-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    (folder / "pgbouncer.ini").write_text(_CONFIGURATION.format(server=server.port, port=port))
    owner = {}
    if os.geteuid() == 0:  # it refuses to run as root
        folder.chmod(0o755)
        owner = {"user": "postgres", "group": "postgres", "extra_groups": []}
    log = (folder / "log").open("wb")
    program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
    process = subprocess.Popen(
        [program, str(folder / "pgbouncer.ini")], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", **owner
    )  # type: ignore[call-overload]
    try:
        until = time.monotonic() + _SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    said = (folder / "log").read_text()[-2000:]
                    raise AssertionError(f"pgbouncer did not start: {said}") from None
                time.sleep(0.05)
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        process.terminate()
        process.wait(_SECONDS)
        log.close()
        shutil.rmtree(folder)
