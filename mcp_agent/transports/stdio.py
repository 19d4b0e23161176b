"""Newline-delimited JSON-RPC over a pair of file descriptors.

The descriptors are taken away from the process first: what anything else prints to stdout, C libraries included,
lands on stderr, and nobody else can eat what the client sends. Reading stops while the client does not read, so
memory stays bounded; no answer is dropped.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable

from mcp_agent.errors import ParseError, ProtocolError
from mcp_agent.protocol.peer import Peer
from mcp_agent.protocol.server import Server
from mcp_agent.transports.lines import LineSplitter, LineTooLong
from mcp_agent.transports.parent import watch_parent
from mcp_agent.transports.pipes import Reader, Writer, are_one_socket, is_stream, open_reader, open_writer


def take_stdio() -> tuple[int, int]:
    """Private copies of stdin and stdout; the public ones now lead to nothing and to stderr."""
    sys.stdout.flush()
    inward, outward = os.dup(0), os.dup(1)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return inward, outward


async def serve(server: Server, inward: int, outward: int, *, max_line: int) -> None:
    """Serve one client on these descriptors until it closes its end, SIGTERM comes, or the parent dies.

    ``max_line`` in bytes: a longer line is refused and skipped.
    """
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    connection = Connection(server, max_line, stopped.set)
    for name in ("SIGTERM", "SIGINT"):
        with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):  # Windows; not the main thread
            loop.add_signal_handler(getattr(signal, name), stopped.set)
    watch_parent(lambda: loop.call_soon_threadsafe(stopped.set), server.limits.drain)
    await connection.open(inward, outward)
    await stopped.wait()
    await server.drain()
    await connection.close(server.limits.drain)


class Connection:
    """Both directions of one stdio client, and the channel to it."""

    _reader: Reader
    _writer: Writer

    def __init__(self, server: Server, max_line: int, stopped: Callable[[], None]) -> None:
        self._server = server
        self._stopped = stopped
        self._lines = LineSplitter(max_line)
        self._peer = Peer("stdio", self)
        self._loop = asyncio.get_running_loop()
        self._out: list[bytes] = []
        self._held: dict[bytes, None] = {}
        self._flushing = False
        self.congested = False

    async def open(self, inward: int, outward: int) -> None:
        self._server.connect(self._peer)
        apart = not are_one_socket(inward, outward)
        self._writer = await open_writer(
            outward, self._pause, self._resume, self._stopped, on_loop=apart and is_stream(outward)
        )
        self._reader = await open_reader(inward, self, on_loop=apart and is_stream(inward))

    async def close(self, seconds: float) -> None:
        """Write what is left, for so many seconds at most."""
        self._server.gone(self._peer)
        self._reader.close()
        self._release()
        self._flush()
        await self._writer.close(seconds)

    # --- what the reader tells -------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        for line in self._lines.feed(data):
            if isinstance(line, LineTooLong):
                self._server.refuse(self._peer, ParseError(f"A message is longer than {line.limit} bytes"), self)
            elif line:
                self._server.receive(self._peer, line, self)

    def eof_received(self) -> None:
        rest = self._lines.rest()
        if rest:
            self._server.receive(self._peer, rest, self)

    def connection_lost(self, error: Exception | None) -> None:
        self._stopped()

    # --- Channel ---------------------------------------------------------------------------------

    def send(self, frame: bytes) -> None:
        if self.congested:  # news of the same thing need not pile up: each is told once, when the client reads again
            self._held[frame] = None
        else:
            self._put(frame)

    def reply(self, frame: bytes, error: ProtocolError | None = None) -> None:
        self._put(frame)

    def drop(self) -> None:
        """The stream is shared: there is nothing to end."""

    def _put(self, frame: bytes) -> None:
        self._out.append(self._server.clean(frame))
        if not self._flushing:
            self._flushing = True
            self._loop.call_soon(self._flush)

    def _release(self) -> None:
        held, self._held = self._held, {}
        for frame in held:
            self._put(frame)

    def _flush(self) -> None:
        self._flushing = False
        if self._out:
            self._out.append(b"")
            self._writer.write(b"\n".join(self._out))
            self._out = []

    def _pause(self) -> None:
        self.congested = True
        self._reader.pause()

    def _resume(self) -> None:
        self.congested = False
        self._release()
        self._reader.resume()
