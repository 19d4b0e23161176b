"""Server-sent events: frames queue here, and a response stream takes them out at the client's pace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from aiohttp import web

EVENTS = "text/event-stream"
KEEP_ALIVE = 15.0
"""Seconds of silence after which a stream says that it still lives."""

_BUSY = 64 * 2**10
_HOPELESS = 4 * 2**20
_HEADERS = {"Content-Type": EVENTS, "Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
_COMMENT = b":\n\n"


class Outbox:
    """Frames on their way to one client, bounded: one that is hopelessly behind is cut off."""

    def __init__(self, cut_off: Callable[[], None], clean: Callable[[bytes], bytes]) -> None:
        self.ended = False
        self._cut_off = cut_off
        self._clean = clean
        self._frames: list[bytes] = []
        self._size = 0
        self._changed = asyncio.Event()

    @property
    def congested(self) -> bool:
        return self._size > _BUSY

    def put(self, frame: bytes) -> None:
        """A message on the way."""
        if self._size > _HOPELESS:
            self.end()
            self._cut_off()
        elif not self.ended:
            self._add(frame)

    def end(self, last: bytes | None = None) -> None:
        """Nothing follows, other than ``last``, which is sent whatever its size."""
        if not self.ended:
            if last is not None:
                self._add(last)
            self.ended = True
            self._changed.set()

    async def wait(self, seconds: float | None) -> bool:
        """Until there is something to take or the end; False when the time ran out before that."""
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return False
        return True

    def take(self) -> list[bytes]:
        """What has queued up. Nothing, after ``wait``, means the end."""
        frames, self._frames, self._size = self._frames, [], 0
        if not self.ended:
            self._changed.clear()
        return frames

    def _add(self, frame: bytes) -> None:
        self._frames.append(self._clean(frame))
        self._size += len(frame)
        self._changed.set()


async def stream(request: web.Request, outbox: Outbox, headers: Mapping[str, str]) -> web.StreamResponse:
    """Answer with all that goes through the outbox, until its end."""
    response = web.StreamResponse(headers={**_HEADERS, **headers})
    await response.prepare(request)
    while True:
        if not await outbox.wait(KEEP_ALIVE):
            await response.write(_COMMENT)
            continue
        frames = outbox.take()
        if not frames:
            break
        await response.write(b"".join(b"event: message\ndata: %b\n\n" % frame for frame in frames))
    await response.write_eof()
    return response
