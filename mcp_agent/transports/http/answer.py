"""The channel of one POST: its answer is one JSON object, or a stream from the first message on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aiohttp import hdrs, web

from mcp_agent.errors import InvalidRequest, ProtocolError
from mcp_agent.transports.http import events
from mcp_agent.transports.http.refusal import JSON, Refusal, status_of


def accepts(request: web.Request, kind: str) -> bool:
    """Whether the client takes this content type. One that says nothing takes all."""
    wanted = {part.partition(";")[0].strip().lower() for part in request.headers.get(hdrs.ACCEPT, "*/*").split(",")}
    return not wanted.isdisjoint({kind, f"{kind.partition('/')[0]}/*", "*/*"})


class Answer:
    """``aside`` takes messages on the way when the client takes no stream here, or has left it."""

    def __init__(
        self, request: web.Request, *, modern: bool, aside: Callable[[bytes], None], clean: Callable[[bytes], bytes]
    ) -> None:
        self._request = request
        self._modern = modern
        self._aside = aside
        self._as_json = accepts(request, JSON)
        self._as_events = accepts(request, events.EVENTS)
        if not self._as_json and not self._as_events:
            raise Refusal(406, InvalidRequest(f"Accept must allow {JSON} and {events.EVENTS}"))
        self._streaming = False
        self._status = 200
        self._outbox = events.Outbox(self._cut_off, clean)

    async def respond(self, headers: Mapping[str, str]) -> web.StreamResponse:
        """Whatever the answer turns out to be. A long wait becomes a stream, so that nobody between gives up."""
        if not await self._outbox.wait(events.KEEP_ALIVE if self._as_events else None):
            self._streaming = True
        if self._streaming:
            return await events.stream(self._request, self._outbox, headers)
        frames = self._outbox.take()
        if not frames:
            return web.Response(status=202, headers=headers)
        return web.Response(body=frames[0], status=self._status, content_type=JSON, headers=headers)

    def close(self) -> None:
        """The response is over, in good order or because the client left."""
        self._outbox.end()

    def _cut_off(self) -> None:
        transport = self._request.transport
        if transport is not None:
            transport.abort()

    # --- Channel ---------------------------------------------------------------------------------

    @property
    def congested(self) -> bool:
        return self._outbox.congested

    def send(self, frame: bytes) -> None:
        if self._as_events and not self._outbox.ended:
            self._streaming = True
            self._outbox.put(frame)
        else:
            self._aside(frame)

    def reply(self, frame: bytes, error: ProtocolError | None = None) -> None:
        if not self._as_json and error is None:
            self._streaming = True
        self._status = status_of(error, self._modern)
        self._outbox.end(frame)

    def drop(self) -> None:
        self._outbox.end()
