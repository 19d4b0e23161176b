"""The MCP endpoint: POST for every message, GET and DELETE for the sessions of the older revisions."""

from __future__ import annotations

import asyncio

from aiohttp import hdrs, web

from mcp_agent.errors import InvalidRequest, Overloaded, ProtocolError, UnsupportedVersion
from mcp_agent.protocol.jsonrpc import BadFrame
from mcp_agent.protocol.peer import Peer
from mcp_agent.protocol.revisions import MODERN, REVISIONS, SUPPORTED
from mcp_agent.protocol.server import Server
from mcp_agent.transports.http import events, headers
from mcp_agent.transports.http.answer import Answer, accepts
from mcp_agent.transports.http.messages import Message, read_message
from mcp_agent.transports.http.refusal import JSON, Refusal
from mcp_agent.transports.http.sessions import Session, Sessions

BODY_SECONDS = 60.0
"""How long a client may take to send one message."""


class Endpoint:
    """Chooses the era of each message and hands it to the engine. ``max_bytes`` bounds one message."""

    def __init__(self, server: Server, sessions: Sessions, max_bytes: int) -> None:
        self._server = server
        self._sessions = sessions
        self._max_bytes = max_bytes
        self._under_way = 0
        self.stopping = False

    async def post(self, request: web.Request) -> web.StreamResponse:
        """One message, or in 2025-03-26 several."""
        limit = self._server.limits.in_flight
        if self.stopping or self._under_way >= limit:
            why = "The server is stopping" if self.stopping else f"More than {limit} requests in flight"
            raise Refusal(503, Overloaded(f"{why}: try again later"))
        self._under_way += 1
        try:
            data = await self._body(request)
            try:
                message = read_message(data)
            except BadFrame as bad:
                raise Refusal(400, bad.error, bad.request_id) from None
            if self._is_modern(request, message):
                return await self._post_modern(request, data, message)
            return await self._post_legacy(request, data, message)
        finally:
            self._under_way -= 1

    async def get(self, request: web.Request) -> web.StreamResponse:
        """The stream of a session for what its client did not ask for."""
        if not accepts(request, events.EVENTS):
            raise Refusal(406, InvalidRequest(f"Accept must allow {events.EVENTS}"))
        session = self._session(request)
        if session.outbox is not None:
            raise Refusal(409, InvalidRequest("This session has its stream open already: close that first"))
        outbox = events.Outbox(lambda: _abort(request), self._server.clean)
        session.listen(outbox)
        try:
            return await events.stream(request, outbox, {})
        finally:
            session.outbox = None
            self._sessions.touch(session)

    async def delete(self, request: web.Request) -> web.Response:
        """The client has no more use for its session."""
        self._sessions.end(self._session(request))
        return web.Response(status=204)

    # --- inside ----------------------------------------------------------------------------------

    async def _body(self, request: web.Request) -> bytes:
        if request.content_type != JSON:
            raise Refusal(415, InvalidRequest(f"Content-Type must be {JSON}"))
        if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
            raise Refusal(415, InvalidRequest("Messages are taken as they are: send no Content-Encoding"))
        try:
            async with asyncio.timeout(BODY_SECONDS):
                return await request.read()
        except web.HTTPRequestEntityTooLarge:
            raise Refusal(413, InvalidRequest(f"A message is longer than {self._max_bytes} bytes")) from None
        except TimeoutError:
            raise Refusal(408, InvalidRequest(f"The message did not arrive within {BODY_SECONDS:g} seconds")) from None

    def _is_modern(self, request: web.Request, message: Message) -> bool:
        return request.headers.get(headers.VERSION) == MODERN.name or message.body.version is not None

    async def _post_modern(self, request: web.Request, data: bytes, message: Message) -> web.StreamResponse:
        """Stateless: a peer of its own for each request, gone with the response."""
        try:
            self._check_modern(request, message)
        except ProtocolError as error:
            raise Refusal(400, error, message.request_id) from None
        answer = Answer(request, modern=True, aside=_nowhere, clean=self._server.clean)
        if message.method == "subscriptions/listen" and not accepts(request, events.EVENTS):
            raise Refusal(406, InvalidRequest(f"Accept must allow {events.EVENTS}"), message.request_id)
        peer = Peer("http", answer)
        self._server.connect(peer)
        try:
            self._server.receive(peer, data, answer)
            if not message.wants_answer:
                answer.drop()
            return await answer.respond({})
        finally:
            answer.close()
            self._server.gone(peer)

    def _check_modern(self, request: web.Request, message: Message) -> None:
        if message.is_response:
            raise InvalidRequest(f"In MCP {MODERN.name} clients send no responses: retry the request with the answers")
        headers.check_version(request.headers, message.body)
        if message.method is not None and message.wants_answer:
            headers.check_request(request.headers, message.method, message.body, self._server.backend.tool)

    async def _post_legacy(self, request: web.Request, data: bytes, message: Message) -> web.StreamResponse:
        opening = message.method == "initialize" and headers.SESSION not in request.headers
        session = self._sessions.open() if opening else self._session(request, message)
        if message.is_batch and not (session.peer.revision and session.peer.revision.batches):
            raise Refusal(400, InvalidRequest("Batches exist in MCP 2025-03-26 only"))
        answer = Answer(request, modern=False, aside=session.send, clean=self._server.clean)
        said = {}
        try:
            self._server.receive(session.peer, data, answer)
            if not message.wants_answer:
                answer.drop()
            if opening and session.peer.revision is not None:
                self._sessions.keep(session)
                said[headers.SESSION] = session.id
            return await answer.respond(said)
        finally:
            answer.close()  # a client that is cut off has not cancelled: its request goes on
            self._sessions.touch(session)
            if opening and session.peer.revision is None:
                self._sessions.end(session)

    def _session(self, request: web.Request, message: Message | None = None) -> Session:
        request_id = message.request_id if message is not None else None
        version = request.headers.get(headers.VERSION)
        if version is not None and version not in REVISIONS:
            raise Refusal(400, UnsupportedVersion(version, SUPPORTED), request_id)
        if version == MODERN.name:
            error = InvalidRequest(f"MCP {MODERN.name} uses POST only")
            raise Refusal(405, error, headers={hdrs.ALLOW: hdrs.METH_POST})
        session_id = request.headers.get(headers.SESSION)
        if session_id is None:
            error = InvalidRequest(
                f"{headers.SESSION} is missing: send initialize first, or {headers.VERSION}: {MODERN.name}"
            )
            raise Refusal(400, error, request_id)
        session = self._sessions.find(session_id)
        if session is None:
            error = InvalidRequest("There is no such session, or it has ended: send initialize again")
            raise Refusal(404, error, request_id)
        return session


def _abort(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def _nowhere(frame: bytes) -> None:
    """Where messages on the way go that a modern client does not take."""
