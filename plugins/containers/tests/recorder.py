"""A socket before that of an engine: passes everything on, and notes what is asked of it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

_ASKED = re.compile(rb"([A-Z]{3,7}) (/\S*) HTTP/1\.1\r\n")


class Recorder:
    """``asked`` holds the method and path of each request; ``url`` is where to send them."""

    def __init__(self, engine: Path, socket: Path) -> None:
        self.asked: list[tuple[str, str]] = []
        self.url = f"unix://{socket}"
        self._engine = engine

    @property
    def changing(self) -> list[tuple[str, str]]:
        return [one for one in self.asked if one[0] not in ("GET", "HEAD")]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, engine = await asyncio.open_unix_connection(str(self._engine))
        await asyncio.gather(self._pass(reader, engine, noted=True), self._pass(there, writer, noted=False))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, noted: bool) -> None:
        with suppress(OSError):
            while data := await reader.read(2**16):
                if noted:
                    self.asked += [(one[0].decode(), one[1].decode()) for one in _ASKED.findall(data)]
                writer.write(data)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def recorded(engine: Path, folder: Path) -> AsyncIterator[Recorder]:
    recorder = Recorder(engine, folder / "r.sock")
    server = await asyncio.start_unix_server(recorder.serve, str(folder / "r.sock"))
    async with server:
        yield recorder
