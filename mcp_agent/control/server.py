"""The instance's side of the control socket: newline-delimited JSON-RPC, one connection for each watcher."""

from __future__ import annotations

import asyncio
import hmac
import socket
from collections.abc import Awaitable
from typing import Any, cast

import msgspec
from msgspec import UNSET

from mcp_agent.control import api
from mcp_agent.control.endpoint import is_own_peer
from mcp_agent.control.live import Live
from mcp_agent.control.ticker import Ticker
from mcp_agent.errors import (
    AgentError,
    InternalFailure,
    InvalidParams,
    InvalidRequest,
    MethodNotFound,
    Overloaded,
    ParseError,
    ProtocolError,
)
from mcp_agent.host import Host
from mcp_agent.jsonio import encode
from mcp_agent.protocol import jsonrpc
from mcp_agent.protocol.jsonrpc import BadFrame, Frame
from mcp_agent.transports.lines import LineSplitter, LineTooLong

_LONGEST = 1 << 20
_IN_FLIGHT = 64
_CONNECTIONS = 32
_HIGH_WATER = 1 << 18
"""Bytes that may wait for a watcher who does not read, before news for it is dropped."""
_DECODERS = {name: msgspec.json.Decoder(request) for name, request in api.METHODS.items()}


class ControlServer:
    """All connections of one instance."""

    def __init__(self, host: Host, serves: str, token: str) -> None:
        self.token = token
        self.host = host
        self.clean = host.vault.redactor.redact_frame
        self.ticker = Ticker(host)
        self.live = Live(host, self.ticker, serves)
        self.connections: set[Connection] = set()

    def connection(self) -> Connection:
        return Connection(self)

    def close(self) -> None:
        self.ticker.close()
        for connection in list(self.connections):
            connection.end()


class Connection(asyncio.Protocol):
    """One watcher. Until it has said hello, nothing else is answered."""

    _transport: asyncio.Transport

    def __init__(self, server: ControlServer) -> None:
        self._server = server
        self._lines = LineSplitter(_LONGEST)
        self._tasks: set[asyncio.Task[None]] = set()
        self._greeted = False
        self.congested = False

    # --- asyncio.Protocol ------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # that of uvloop does not derive from it
        peer = transport.get_extra_info("socket")
        stranger = peer.family != socket.AF_INET and not is_own_peer(peer)
        if stranger or len(self._server.connections) >= _CONNECTIONS:
            self._transport.abort()
            return
        self._transport.set_write_buffer_limits(high=_HIGH_WATER)
        self._server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.connections.discard(self)
        self._server.ticker.remove(self)
        for task in self._tasks:
            task.cancel()

    def pause_writing(self) -> None:
        self.congested = True

    def resume_writing(self) -> None:
        self.congested = False

    def data_received(self, data: bytes) -> None:
        for line in self._lines.feed(data):
            if isinstance(line, LineTooLong):
                self._refuse(None, ParseError(f"A message is longer than {line.limit} bytes"))
            elif line:
                self._receive(line)

    # --- out -------------------------------------------------------------------------------------

    def send(self, frame: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(self._server.clean(frame) + b"\n")

    def end(self) -> None:
        self._transport.close()

    # --- in --------------------------------------------------------------------------------------

    def _receive(self, line: bytes) -> None:
        try:
            frame = jsonrpc.parse(line)
        except BadFrame as bad:
            self._refuse(bad.request_id, bad.error)
            return
        if frame.method is UNSET or frame.id is UNSET:
            return  # nothing is ever asked of a watcher, and there are no notifications to take
        try:
            self._begin(cast(jsonrpc.Id, frame.id), self._read(frame))
        except ProtocolError as error:
            self._refuse(frame.id, error)
            if not self._greeted:
                self.end()

    def _read(self, frame: Frame) -> api.Request[Any]:
        """The request in a frame. Raises ProtocolError."""
        name = str(frame.method)
        decoder = _DECODERS.get(name)
        if not self._greeted and name != api.SayHello.method:
            raise InvalidRequest("Say hello first")
        if decoder is None:
            raise MethodNotFound(name)
        try:
            request: api.Request[Any] = decoder.decode(b"{}" if frame.params is UNSET else frame.params)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InvalidParams(f"Invalid params of {name}: {error}") from None
        if isinstance(request, api.SayHello):
            self._greet(request)
        return request

    def _greet(self, hello: api.SayHello) -> None:
        if not hmac.compare_digest(hello.token.encode(), self._server.token.encode()):
            raise InvalidRequest("The token is not that of this instance")
        if hello.version != api.VERSION:
            raise InvalidRequest(
                f"This instance speaks version {api.VERSION} of the control API, not {hello.version}: "
                "it was started by another release of mcp-agent. Restart it."
            )
        self._greeted = True

    def _begin(self, request_id: jsonrpc.Id, request: api.Request[Any]) -> None:
        if len(self._tasks) >= _IN_FLIGHT:
            raise Overloaded(f"More than {_IN_FLIGHT} requests in flight")
        if isinstance(request, api.Watch):
            (self._server.ticker.add if request.on else self._server.ticker.remove)(self)
            self.send(jsonrpc.response(request_id, None))
            return
        task = asyncio.get_running_loop().create_task(self._answer(request_id, self._server.live.answer(request)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, request_id: jsonrpc.Id, work: Awaitable[Any]) -> None:
        try:
            self.send(encode({"jsonrpc": "2.0", "id": request_id, "result": await work}))
        except ProtocolError as error:
            self._refuse(request_id, error)
        except AgentError as error:
            self._refuse(request_id, ProtocolError(str(error)))
        except Exception:  # noqa: BLE001  the last line of defence: logged, and the watcher gets its answer
            trace_id = self._server.host.report_bug("The control socket")
            self._refuse(request_id, ProtocolError(str(InternalFailure("The control socket", trace_id))))

    def _refuse(self, request_id: jsonrpc.Id | None, error: ProtocolError) -> None:
        self.send(jsonrpc.error_response(request_id, {"code": error.code, "message": error.message}))
