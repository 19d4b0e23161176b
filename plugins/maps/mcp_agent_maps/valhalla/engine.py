"""The process that answers with Valhalla. It starts when it is needed, and goes when nobody needed it for a while."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from mcp_agent import ToolError
from mcp_agent_maps.valhalla.tiles import WORKER

_SECONDS, _IDLE_SECONDS = 60, 300.0


class Refused(ToolError):
    """Valhalla says that it has no answer: most often that there is no way."""


class Broken(ToolError):
    """It crashed, or does not come to an end."""


class Engine:
    """One process at most, over the tiles of one extract. Close it."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._tiles: Path | None = None
        self._closing: asyncio.TimerHandle | None = None

    async def ask(self, tiles: Path, action: str, body: Mapping[str, Any]) -> Any:
        """What Valhalla answers to one of its actions. Raises Refused and Broken."""
        async with self._turn:
            answer: Any = None
            try:
                async with asyncio.timeout(_SECONDS):
                    process = await self._serving(tiles)
                    answer = await _exchange(process, msgspec.json.encode({"action": action, "body": body}))
            except TimeoutError:
                raise Broken(f"Valhalla has no answer within {_SECONDS} seconds.") from None
            except (asyncio.IncompleteReadError, OSError):
                raise Broken("Valhalla crashed.") from None
            finally:
                if answer is None:  # cancelled too: it may still be at it
                    await self._end()
                self._close_later()
        if isinstance(answer, dict) and "error" in answer:
            raise Refused(f"Valhalla says: {answer['error']}.")
        return answer

    async def close(self) -> None:
        """Calls that go on are cut off by whoever made them."""
        if self._closing is not None:
            self._closing.cancel()
        await self._end()

    async def _serving(self, tiles: Path) -> asyncio.subprocess.Process:
        if self._tiles != tiles or self._process is None or self._process.returncode is not None:
            await self._end()
            pipe = asyncio.subprocess.PIPE
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", str(WORKER), "serve", str(tiles), str(_SECONDS + 5),
                stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
            self._tiles = tiles
        return self._process

    async def _end(self) -> None:
        """At once: it holds nothing that anybody wants."""
        process, self._process = self._process, None
        if process is not None:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    def _close_later(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
        self._closing = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._close_idle)

    def _close_idle(self) -> None:
        if self._process is not None and self._process.stdin is not None and not self._turn.locked():
            self._process.stdin.close()  # it ends when it reads that
            self._process = None


async def _exchange(process: asyncio.subprocess.Process, body: bytes) -> Any:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(len(body).to_bytes(4, "big") + body)
    await process.stdin.drain()
    size = int.from_bytes(await process.stdout.readexactly(4), "big")
    return msgspec.json.decode(await process.stdout.readexactly(size))
