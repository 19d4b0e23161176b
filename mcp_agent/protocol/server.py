"""The dispatcher: a frame from a peer becomes an exchange, and the exchange an answer.

A transport calls ``receive`` with each frame and where answers to it go, ``gone`` when a client has left, and
``drain`` before it stops. Everything happens on one event loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import UNSET, Raw

from mcp_agent.errors import (
    InternalFailure,
    InvalidParams,
    InvalidRequest,
    MethodNotFound,
    Overloaded,
    ProtocolError,
)
from mcp_agent.jsonio import encode
from mcp_agent.model import LOG_LEVELS, Backend, Clock, Shortener
from mcp_agent.protocol import eras, handlers, jsonrpc, subscriptions, wire
from mcp_agent.protocol.batch import Batch
from mcp_agent.protocol.catalog import Catalog
from mcp_agent.protocol.exchange import Exchange
from mcp_agent.protocol.jobs import Job, Jobs
from mcp_agent.protocol.jsonrpc import BadFrame, Frame
from mcp_agent.protocol.limits import DEFAULT_LIMITS, Limits, ServerInfo
from mcp_agent.protocol.methods import METHODS
from mcp_agent.protocol.params import SERVER_INFO, Cancelled
from mcp_agent.protocol.peer import Channel, Peer
from mcp_agent.protocol.revisions import MODERN, Revision
from mcp_agent.protocol.seal import Sealer
from mcp_agent.watch import Watch

log = logging.getLogger(__name__)

_decode_cancelled = msgspec.json.Decoder(Cancelled).decode


class Server:
    """Serves one backend to any number of peers.

    ``job_tool`` names the tool that polls background calls, for clients that do not speak tasks. ``report_bug``
    logs the exception being handled and gives the trace id to tell the caller. ``clean`` takes secrets out of a frame;
    transports pass every frame through it. ``shortener`` keeps large results away from models.
    """

    def __init__(
        self,
        backend: Backend,
        info: ServerInfo,
        *,
        clock: Clock,
        seal_key: Callable[[], bytes],
        report_bug: Callable[[str], str],
        limits: Limits = DEFAULT_LIMITS,
        instructions: str = "",
        job_tool: str | None = None,
        clean: Callable[[bytes], bytes] = bytes,
        shortener: Shortener | None = None,
    ) -> None:
        self.backend = backend
        self.info = info
        self.limits = limits
        self.instructions = instructions
        self.job_tool = job_tool
        self.report_bug = report_bug
        self.clean = clean
        self.shortener = shortener
        self.loop = asyncio.get_running_loop()
        self.catalog = Catalog(backend, page_size=limits.page_size, ttl=limits.list_ttl)
        self.sealer = Sealer(seal_key, clock, limits.state_ttl)
        self.jobs = Jobs(clock, limit=limits.jobs, ttl=limits.job_ttl, poll=limits.job_poll)
        self.jobs.changed = self._job_changed
        self.slow = Watch(limits.background_after, Exchange.detach_now)
        self.peers: set[Peer] = set()
        self._meta = {SERVER_INFO: Raw(encode(info))}

    # --- from the transport ----------------------------------------------------------------------

    def connect(self, peer: Peer) -> None:
        self.peers.add(peer)

    def receive(self, peer: Peer, data: bytes, channel: Channel) -> None:
        """Serve one frame, or in 2025-03-26 an array of them. Never raises for what a client sent."""
        if data[:1] == b"[" or data.lstrip()[:1] == b"[":
            self._receive_batch(peer, data, channel)
            return
        try:
            frame = jsonrpc.parse(data)
        except BadFrame as bad:
            self._refuse(peer, channel, bad)
            return
        self._dispatch(peer, frame, channel)

    def refuse(self, peer: Peer, error: ProtocolError, channel: Channel) -> None:
        """Tell the client of a message so broken that it never became a frame."""
        self._refuse(peer, channel, BadFrame(error, None))

    def gone(self, peer: Peer) -> None:
        """The client left: nobody waits for its answers. What runs in the background goes on."""
        self.peers.discard(peer)
        peer.subscriptions.clear()
        for exchange in list(peer.inflight.values()):
            exchange.abandon()

    async def drain(self, seconds: float | None = None) -> None:
        """Let what is running end, for so many seconds at most, then stop it; close streams in good order."""
        seconds = self.limits.drain if seconds is None else seconds
        running = [exchange for peer in self.peers for exchange in peer.inflight.values()]
        tasks = [exchange.task for exchange in running if exchange.task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for exchange in running:
            if not exchange.ended:
                exchange.shut_down()
        for job in self.jobs.running():
            self.jobs.cancel(job)
        for peer in list(self.peers):
            for subscription in list(peer.subscriptions.values()):
                subscriptions.close(subscription, self)
            peer.subscriptions.clear()

    # --- from the host ---------------------------------------------------------------------------

    def list_changed(self, kind: subscriptions.Kind) -> None:
        for peer in list(self.peers):
            subscriptions.list_changed(peer, kind)

    def resource_updated(self, uri: str) -> None:
        for peer in list(self.peers):
            subscriptions.resource_updated(peer, uri)

    # --- inside ----------------------------------------------------------------------------------

    def complete(self, result: wire.Wire, revision: Revision) -> wire.Wire:
        """The result with what the revision wants on every result."""
        if not revision.modern:
            return result
        meta = self._meta if "_meta" not in result else {**self._meta, **result["_meta"]}
        return {"resultType": "complete", **result, "_meta": meta}

    def _job_changed(self, job: Job) -> None:
        for peer in list(self.peers):
            subscriptions.job_changed(peer, job, self.jobs)

    def _receive_batch(self, peer: Peer, data: bytes, channel: Channel) -> None:
        if peer.revision is None or not peer.revision.batches:
            self._refuse(peer, channel, BadFrame(InvalidRequest("Batches exist in MCP 2025-03-26 only"), None))
            return
        try:
            frames = jsonrpc.parse_batch(data)
        except BadFrame as bad:
            self._refuse(peer, channel, bad)
            return
        if len(frames) > self.limits.in_flight:
            error = InvalidRequest(f"A batch may hold {self.limits.in_flight} messages, not {len(frames)}")
            self._refuse(peer, channel, BadFrame(error, None))
            return
        batch = Batch(channel)
        for raw in frames:
            try:
                frame = jsonrpc.parse(raw)
            except BadFrame as bad:
                if bad.request_id is not None:
                    batch.expect()
                self._refuse(peer, batch, bad)
                continue
            if frame.method is not UNSET and frame.id is not UNSET:
                batch.expect()
            self._dispatch(peer, frame, batch)
        batch.all_received()

    def _refuse(self, peer: Peer, channel: Channel, bad: BadFrame) -> None:
        revision = peer.revision or MODERN
        if bad.request_id is not None or revision.errors_without_id:
            error = wire.error_object(bad.error, revision)
            channel.reply(jsonrpc.error_response(bad.request_id, error), bad.error)
        elif LOG_LEVELS.index(peer.log_level) <= LOG_LEVELS.index("error"):
            # These revisions have no error without an id; a log message reaches the client all the same.
            params = {"level": "error", "logger": "protocol", "data": str(bad.error)}
            channel.send(jsonrpc.notification("notifications/message", params))
        log.warning("refused a frame: %s", bad.error)

    def _dispatch(self, peer: Peer, frame: Frame, channel: Channel) -> None:
        if frame.method is UNSET:
            peer.answered(frame)
        elif frame.id is UNSET:
            self._notified(peer, frame)
        else:
            self._request(peer, frame.id, frame.method, frame.params, channel)  # type: ignore[arg-type]

    def _notified(self, peer: Peer, frame: Frame) -> None:
        """Malformed and unknown notifications are ignored: there is nobody to tell."""
        if frame.method != "notifications/cancelled" or frame.params is UNSET:
            return
        try:
            request_id = _decode_cancelled(frame.params).request_id
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return
        if request_id is None:
            return
        exchange = peer.inflight.get(request_id)
        if exchange is not None and exchange.method != "initialize":
            exchange.abandon()
        peer.subscriptions.pop(request_id, None)

    def _request(self, peer: Peer, request_id: jsonrpc.Id, name: str, params: Any, channel: Channel) -> None:
        exchange = Exchange(self, peer, channel, request_id, name)
        try:
            method = METHODS.get(name)
            if method is None:
                eras.settle_unknown(peer, exchange, None, params)
                raise MethodNotFound(name)
            try:
                decoded = method.decoder.decode(b"{}" if params is UNSET else params)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                eras.settle_unknown(peer, exchange, method, params)
                raise InvalidParams(f"Invalid params of {name}: {error}") from None
            except RecursionError:
                raise InvalidParams(f"Invalid params of {name}: nested too deeply") from None
            eras.settle(peer, exchange, method, decoded.meta)
            if len(peer.inflight) >= self.limits.in_flight:
                raise Overloaded(f"More than {self.limits.in_flight} requests in flight: wait for some to end")
            if request_id in peer.inflight or request_id in peer.subscriptions:
                raise InvalidRequest(f"The id {request_id!r} belongs to a request that is still in flight")
            result = handlers.HANDLERS[name](exchange, decoded)
            if result is not None:
                exchange.reply(result)
        except ProtocolError as error:
            exchange.refuse(error)
        except Exception:  # noqa: BLE001  the last line of defence: logged, and the client gets its answer
            exchange.refuse(ProtocolError(str(InternalFailure("The server", self.report_bug(f"Serving {name}")))))
