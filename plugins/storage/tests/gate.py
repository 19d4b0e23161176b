"""What stands between a plugin and a server in tests."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

_ASKED = re.compile(rb"([A-Z]{3,7}) (/\S*) HTTP/1\.1\r\n")


class Gate:
    """A way to the server that can be shut. ``accepted`` counts connections, ``asked`` requests, ``up`` bytes sent."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.up = 0
        self.accepted = 0
        self.asked: list[tuple[str, str]] = []
        self.shut_after: int | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._shut:
            writer.close()
            return
        self.accepted += 1
        there, server = await asyncio.open_connection("127.0.0.1", self._port)
        self._open |= {writer, server}
        try:
            await asyncio.gather(self._pass(reader, server, counted=True), self._pass(there, writer, counted=False))
        finally:
            self._open -= {writer, server}

    @property
    def _shut(self) -> bool:
        return self.shut_after is not None and self.up > self.shut_after

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool) -> None:
        with suppress(OSError):
            while data := await reader.read(2**16):
                if counted:
                    self.up += len(data)
                    self.asked += [(one[0].decode(), one[1].decode()) for one in _ASKED.findall(data)]
                if self._shut:
                    for one in self._open:
                        one.transport.abort()
                    return
                writer.write(data)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def gate_to(port: int) -> AsyncIterator[tuple[Gate, str]]:
    gate = Gate(port)
    server = await asyncio.start_server(gate.serve, "127.0.0.1", 0)
    async with server:
        yield gate, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
