"""A running instance, seen from another process: ask it, and hear its news."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec
from msgspec import Raw

from mcp_agent.control import api
from mcp_agent.control.endpoint import LOOPBACK, is_own_peer
from mcp_agent.errors import AgentError, ToolError
from mcp_agent.jsonio import encode
from mcp_agent.protocol import jsonrpc
from mcp_agent.transports.lines import LineSplitter, LineTooLong

R = TypeVar("R")

_LONGEST = 16 * 2**20
_PATIENCE = 5.0
"""Seconds that an instance has to accept a connection and say hello."""
_decode_tick = msgspec.json.Decoder(api.Tick).decode
_decode_error = msgspec.json.Decoder(dict[str, Any]).decode


class InstanceGone(AgentError):
    """The instance ended, or was never there."""


class Instance(asyncio.Protocol):
    """Open one with ``attach``. ``on_tick`` hears news once ``Watch`` was asked, ``on_gone`` that it has ended."""

    hello: api.Hello

    def __init__(self, path: Path) -> None:
        self.path = path
        self.gone = False
        self.on_tick: Callable[[api.Tick], None] = lambda tick: None
        self.on_gone: Callable[[], None] = lambda: None
        self._lines = LineSplitter(_LONGEST)
        self._waiting: dict[int, asyncio.Future[Raw]] = {}
        self._next_id = 0
        self._transport: asyncio.Transport | None = None

    async def ask(self, request: api.Request[R]) -> R:
        """Raises ToolError for what it refuses, InstanceGone when it ends before it answers."""
        if self.gone or self._transport is None:
            raise InstanceGone("This instance has ended.")
        self._next_id += 1
        answer: asyncio.Future[Raw] = asyncio.get_running_loop().create_future()
        self._waiting[self._next_id] = answer
        number = self._next_id
        self._transport.write(jsonrpc.request(number, request.method, request) + b"\n")
        try:
            raw = await answer
        finally:
            self._waiting.pop(number, None)
        found: R = msgspec.json.decode(raw, type=request.answer)
        return found

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    # --- asyncio.Protocol ------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone = True
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(InstanceGone("The instance ended before it answered."))
        self.on_gone()

    def data_received(self, data: bytes) -> None:
        for line in self._lines.feed(data):
            if line and not isinstance(line, LineTooLong):
                self._received(jsonrpc.parse(line))

    def _received(self, frame: jsonrpc.Frame) -> None:
        if frame.method == api.TICK and isinstance(frame.params, Raw):
            self.on_tick(_decode_tick(frame.params))
            return
        answer = self._waiting.get(frame.id) if isinstance(frame.id, int) else None
        if answer is None or answer.done():
            return
        if isinstance(frame.error, Raw):
            answer.set_exception(ToolError(_decode_error(frame.error).get("message", "It refused.")))
        else:
            answer.set_result(frame.result if isinstance(frame.result, Raw) else Raw(b"null"))


async def attach(path: Path) -> Instance:
    """The instance behind a socket. Raises InstanceGone when there is none any more, ToolError when it refuses."""
    try:
        async with asyncio.timeout(_PATIENCE):
            instance, token = await (_loopback if path.suffix == LOOPBACK else _unix)(path)
            instance.hello = await instance.ask(api.SayHello(token=token))
    except (OSError, TimeoutError) as error:
        raise InstanceGone(f"Nobody answers at {path}: {error or 'it is silent'}.") from error
    return instance


async def _unix(path: Path) -> tuple[Instance, str]:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(connection, str(path))
        if not is_own_peer(connection):
            raise PermissionError(f"{path} belongs to another user")
        _, instance = await asyncio.get_running_loop().create_connection(lambda: Instance(path), sock=connection)
    except BaseException:
        connection.close()
        raise
    return instance, ""


async def _loopback(path: Path) -> tuple[Instance, str]:
    port, token = _port_and_token(path)
    _, instance = await asyncio.get_running_loop().create_connection(lambda: Instance(path), "127.0.0.1", port)
    return instance, token


def _port_and_token(path: Path) -> tuple[int, str]:
    port, _, token = path.read_text().partition(" ")
    return int(port), token


def encoded(arguments: Any) -> Raw:
    """Arguments for a request."""
    return Raw(encode(arguments))
