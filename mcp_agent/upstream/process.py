"""An MCP server as a child process: frames over its stdin and stdout."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import IO

from mcp_agent.errors import AgentError

LONGEST = 64 * 2**20
"""Bytes of the longest message accepted from a server."""
_GRACE = 3.0


class ServerGone(AgentError):
    """The server ended, or was never there."""


class ServerProcess:
    """Starts the command as an assistant would. Use as an async context manager.

    ``stderr`` takes what the server writes there; by default it goes where ours goes.
    """

    _process: asyncio.subprocess.Process

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str] | None = None, stderr: IO[bytes] | None = None
    ) -> None:
        self._command = command
        self._env = env
        self._stderr = stderr

    async def __aenter__(self) -> ServerProcess:
        pipe = asyncio.subprocess.PIPE
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, env=self._env, stdin=pipe, stdout=pipe, stderr=self._stderr, limit=LONGEST
            )
        except OSError as error:
            raise ServerGone(f"{self._command[0]} could not be started: {error.strerror}.") from None
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Close its input, wait, and only then insist."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        for insist in (self._process.terminate, self._process.kill):
            try:
                await asyncio.wait_for(self._process.wait(), _GRACE)
                return
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    insist()
        await self._process.wait()

    @property
    def pid(self) -> int:
        return self._process.pid

    async def send(self, frame: bytes) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(frame + b"\n")
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise ServerGone("The server closed its input.") from None

    async def receive(self) -> bytes | None:
        """The next message, None after the last."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        return line.rstrip(b"\r\n") if line else None
