"""``mcp-agent tui`` in a terminal of its own (a pty), with the moment at which each thing came out."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import threading
import time
from pathlib import Path
from types import TracebackType

from tests.support.process import ENTRY, ROOT

PATIENCE = 30.0


class Terminal:
    """What is drawn is read at once, in a thread, so that the program never waits for us."""

    def __init__(self, *words: str, env: dict[str, str], size: tuple[int, int] = (120, 36)) -> None:
        self.started = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execve(ENTRY, [str(ENTRY), "tui", *words], {**os.environ, "TERM": "xterm-256color", **env})
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        os.kill(self.pid, signal.SIGWINCH)
        self._chunks: list[tuple[float, bytes]] = []
        self._changed = threading.Condition()
        self._ended = False
        threading.Thread(target=self._read, daemon=True).start()

    def press(self, key: str) -> int:
        """Gives the place from which to wait for what it does."""
        with self._changed:
            place = len(self._chunks)
        os.write(self._fd, key.encode())
        return place

    def drawn(self, text: str, since: int = 0) -> float:
        """When a text came out, in seconds of the machine's monotonic clock."""
        wanted, deadline = text.encode(), time.monotonic() + PATIENCE
        with self._changed:
            while True:
                data = b""
                for at, chunk in self._chunks[since:]:
                    data += chunk
                    if wanted in data:
                        return at
                if not self._changed.wait(max(deadline - time.monotonic(), 0.0)) or self._ended:
                    raise AssertionError(f"{text!r} was not drawn; the last that was: {data[-2000:]!r}")

    def cpu(self) -> float:
        """Seconds of processor that it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        deadline = time.monotonic() + 5
        while os.waitpid(self.pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.01)
        with contextlib.suppress(OSError):
            os.close(self._fd)

    def _read(self) -> None:
        while True:
            try:
                select.select([self._fd], [], [])
                data = os.read(self._fd, 1 << 16)
            except OSError:
                data = b""
            with self._changed:
                if not data:
                    self._ended = True
                else:
                    self._chunks.append((time.perf_counter(), data))
                self._changed.notify_all()
            if not data:
                return
