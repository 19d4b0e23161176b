"""A few processes that read documents. They start when they are needed, and go when nobody needed them for a while."""

from __future__ import annotations

import asyncio
import os
import sys

import msgspec

from mcp_agent import ToolError
from mcp_agent_research.library.page import Answer, Page, Request

_IDLE_SECONDS = 60.0
_MODULE = "mcp_agent_research.library.worker"


class Workers:
    """One for a plugin; close it. ``seconds`` is what one document may take."""

    def __init__(self, seconds: float, count: int = min(4, os.cpu_count() or 1)) -> None:
        self.count = count
        self._seconds = seconds
        self._turns = asyncio.Semaphore(count)
        self._idle: list[asyncio.subprocess.Process] = []
        self._busy = 0
        self._closing: asyncio.TimerHandle | None = None

    async def read(self, name: str, body: bytes, charset: str | None = None) -> Page:
        """A document as text. Raises ToolError for one that is broken, of an unknown kind, or takes too long."""
        async with self._turns:
            self._busy += 1
            try:
                answer = await self._ask(Request(name, charset, body))
            finally:
                self._busy -= 1
                self._close_later()
        if answer.page is None or answer.error:
            raise ToolError(answer.error or "It cannot be read.")
        return answer.page

    async def close(self) -> None:
        """Calls that go on are cut off by whoever made them."""
        if self._closing is not None:
            self._closing.cancel()
        while self._idle:
            await _end(self._idle.pop())

    async def _ask(self, request: Request) -> Answer:
        process = self._idle.pop() if self._idle else await _start(self._seconds)
        try:
            async with asyncio.timeout(self._seconds):
                answer = await _exchange(process, msgspec.msgpack.encode(request))
        except TimeoutError:
            await _end(process)
            raise ToolError(f"Reading it takes longer than {self._seconds:g} seconds.") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            await _end(process)
            raise ToolError("Its parser crashed.") from None
        except asyncio.CancelledError:
            await _end(process)
            raise
        self._idle.append(process)
        return answer

    def _close_later(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
        if not self._busy:
            loop = asyncio.get_running_loop()
            self._closing = loop.call_later(_IDLE_SECONDS, self._close_idle)

    def _close_idle(self) -> None:
        while self._idle:
            process = self._idle.pop()
            if process.stdin is not None:
                process.stdin.close()  # it ends when it reads that


async def _start(seconds: float) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", _MODULE, str(int(seconds) + 5), stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
    )


async def _exchange(process: asyncio.subprocess.Process, body: bytes) -> Answer:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(len(body).to_bytes(4) + body)
    await process.stdin.drain()
    size = int.from_bytes(await process.stdout.readexactly(4))
    return msgspec.msgpack.decode(await process.stdout.readexactly(size), type=Answer)


async def _end(process: asyncio.subprocess.Process) -> None:
    """At once: it holds nothing that anybody wants."""
    if process.returncode is None:
        process.kill()
    await process.communicate()
