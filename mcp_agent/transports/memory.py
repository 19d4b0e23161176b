"""A client in the same process: the twin of the real transports, for tests and for programs that embed a host."""

from __future__ import annotations

import asyncio

from mcp_agent.errors import ProtocolError
from mcp_agent.protocol.peer import Peer
from mcp_agent.protocol.server import Server


class MemoryConnection:
    """Frames go in with ``send_frame`` and come out of ``receive``, as over stdio."""

    def __init__(self, server: Server, kind: str = "stdio") -> None:
        self._server = server
        self._peer = Peer(kind, self)
        self._frames: asyncio.Queue[bytes] = asyncio.Queue()
        self.congested = False
        server.connect(self._peer)

    def send_frame(self, frame: bytes) -> None:
        """What a client would write."""
        self._server.receive(self._peer, frame, self)

    async def receive(self) -> bytes:
        """The next frame that the server wrote."""
        return await self._frames.get()

    def close(self) -> None:
        self._server.gone(self._peer)

    # --- Channel ---------------------------------------------------------------------------------

    def send(self, frame: bytes) -> None:
        self._frames.put_nowait(self._server.clean(frame))

    def reply(self, frame: bytes, error: ProtocolError | None = None) -> None:
        self._frames.put_nowait(self._server.clean(frame))

    def drop(self) -> None:
        """The stream is shared: there is nothing to end."""
