"""A real ``mcp-agent serve`` on stdio, as an assistant starts it, with nothing between the test and its bytes."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.support.served import KINDS

ENTRY = Path(sys.executable).with_name("mcp-agent")
ROOT = Path(__file__).parent.parent.parent
PATIENCE = 20.0
"""Seconds after which a server that does nothing fails the test."""


def command(*plugins: str) -> list[str]:
    """What an assistant would run."""
    options = [part for plugin in plugins or (KINDS,) for part in ("--plugin", plugin)]
    return [str(ENTRY), "serve", *options]


class Process:
    """One server. Reads and writes block, with a deadline: a test has one of these at a time."""

    def __init__(self, *plugins: str, env: dict[str, str] | None = None, **streams: Any) -> None:
        self.log = tempfile.TemporaryFile()  # noqa: SIM115  closed by kill
        self.popen = subprocess.Popen(
            command(*plugins), cwd=ROOT, env={**os.environ, **(env or {})}, bufsize=0,
            **{"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self.log, **streams},
        )  # fmt: skip
        self._rest = b""

    @property
    def stdin(self) -> int:
        assert self.popen.stdin is not None
        return self.popen.stdin.fileno()

    @property
    def stdout(self) -> int:
        assert self.popen.stdout is not None
        return self.popen.stdout.fileno()

    def write(self, data: bytes) -> None:
        """Bytes as they are, however long the server takes to read them."""
        view = memoryview(data)
        while view:
            _, writable, _ = select.select([], [self.stdin], [], PATIENCE)
            assert writable, f"the server does not read: {self.said()}"
            view = view[os.write(self.stdin, view[:65536]) :]

    def read_line(self) -> bytes:
        """The next line without its end. Raises EOFError when there is none."""
        while b"\n" not in self._rest:
            readable, _, _ = select.select([self.stdout], [], [], PATIENCE)
            assert readable, f"the server is silent: {self.said()}"
            data = os.read(self.stdout, 1 << 20)
            if not data:
                raise EOFError(self._rest)
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def end_input(self) -> None:
        assert self.popen.stdin is not None
        self.popen.stdin.close()

    def wait(self) -> int:
        """The exit code."""
        return self.popen.wait(PATIENCE)

    def said(self) -> str:
        """What is on stderr."""
        self.log.seek(0)
        return self.log.read().decode(errors="replace")[-4000:]

    def peak_memory(self) -> int:
        """Bytes, the most so far."""
        status = Path(f"/proc/{self.popen.pid}/status").read_text()
        [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) * 1024

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait()
        for stream in (self.popen.stdin, self.popen.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self.log.close()

    # --- Line, for the wire client ---------------------------------------------------------------

    def send_frame(self, frame: bytes) -> None:
        self.write(frame + b"\n")

    async def receive(self) -> bytes:
        return self.read_line()


@contextlib.contextmanager
def process(*plugins: str, env: dict[str, str] | None = None, **streams: Any) -> Iterator[Process]:
    """A server that is gone afterwards, whatever happened."""
    server = Process(*plugins, env=env, **streams)
    try:
        yield server
    finally:
        server.kill()


def gone(pid: int, seconds: float) -> bool:
    """Whether a process that is not ours to wait for has ended, after so many seconds at most."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    return False


def until(holds: Callable[[], bool]) -> None:
    """Wait for something in another process."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.005)
