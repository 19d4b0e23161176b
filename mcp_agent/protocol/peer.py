"""One client as the engine sees it, and the channels that lead to it."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
from msgspec import UNSET

from mcp_agent.errors import InvalidParams, ProtocolError, ToolError
from mcp_agent.model import Json, LogLevel
from mcp_agent.protocol import jsonrpc
from mcp_agent.protocol.params import NO_CAPABILITIES, ClientCapabilities, ClientInfo, Filter
from mcp_agent.protocol.revisions import Revision

if TYPE_CHECKING:
    from mcp_agent.protocol.exchange import Exchange


class Channel(Protocol):
    """Where messages go. A stdio connection has one; over HTTP each request has its own."""

    @property
    def congested(self) -> bool:
        """The client does not keep up: what may be dropped should be."""

    def send(self, frame: bytes) -> None:
        """A message on the way: a notification, or a request to the client."""

    def reply(self, frame: bytes, error: ProtocolError | None = None) -> None:
        """The answer to the request this channel belongs to. Nothing follows it. ``error`` if that is what it is."""

    def drop(self) -> None:
        """The request this channel belongs to gets no answer: the client cancelled it, or left."""


class Subscription:
    """A ``subscriptions/listen`` stream."""

    __slots__ = ("channel", "filter", "id", "uris")

    def __init__(self, request_id: jsonrpc.Id, channel: Channel, wanted: Filter) -> None:
        self.id = request_id
        self.channel = channel
        self.filter = wanted
        self.uris = frozenset(wanted.resource_subscriptions)


class Peer:
    """A client: a stdio connection, a legacy HTTP session, or the sender of one modern HTTP request.

    ``revision`` is set by ``initialize`` and stays None for a client that only speaks the modern era.
    """

    def __init__(self, kind: str, channel: Channel) -> None:
        self.kind = kind
        self.session = secrets.token_hex(8)
        self.channel = channel
        self.revision: Revision | None = None
        self.client: ClientInfo | None = None
        self.capabilities: ClientCapabilities = NO_CAPABILITIES
        self.log_level: LogLevel = "info"
        self.principal = kind
        self.inflight: dict[jsonrpc.Id, Exchange] = {}
        self.subscriptions: dict[jsonrpc.Id, Subscription] = {}
        self.watched: set[str] = set()
        """Resources a legacy client subscribed to."""
        self._asked: dict[jsonrpc.Id, asyncio.Future[Json]] = {}
        self._next_id = 0

    def name(self, client: ClientInfo | None) -> str:
        """The principal that a self-reported name makes. Who authenticated keeps the name they proved."""
        return f"{self.kind}:{client.name}" if client is not None and self.kind == "stdio" else self.kind

    async def request(self, channel: Channel, method: str, params: Json) -> Json:
        """Ask a legacy client. Raises ToolError when it answers with an error."""
        self._next_id += 1
        request_id = self._next_id
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._asked[request_id] = answer
        channel.send(jsonrpc.request(request_id, method, params))
        try:
            return await answer
        except asyncio.CancelledError:
            channel.send(jsonrpc.notification("notifications/cancelled", {"requestId": request_id}))
            raise
        finally:
            del self._asked[request_id]

    def answered(self, frame: jsonrpc.Frame) -> None:
        """A response came. One to nothing we asked is ignored: it may have been cancelled meanwhile."""
        answer = self._asked.get(frame.id)  # type: ignore[arg-type]
        if answer is None or answer.done():
            return
        try:
            if isinstance(frame.error, msgspec.Raw) and bytes(frame.error) != b"null":
                error = msgspec.json.decode(frame.error, type=dict[str, Any])
                answer.set_exception(ToolError(f"The client could not answer: {error.get('message')}"))
            else:  # some clients write a null error beside the result
                answer.set_result(msgspec.json.decode(b"null" if frame.result is UNSET else frame.result))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            answer.set_exception(InvalidParams("The client answered with something unreadable"))
