"""Mutated frames into the stdio transport: no crash, no hang, nothing but valid messages."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
from collections.abc import Iterator

import pytest

from mcp_agent.transports.stdio import Connection
from tests.fuzz import scale
from tests.fuzz.checker import Checker
from tests.fuzz.mutation import Fuzzer
from tests.support.process import process
from tests.support.schema import LEGACY, MODERN, REVISIONS, Invalid
from tests.support.served import KINDS, in_loop, serving
from tests.support.wire import Client

ROUND = 400
"""Frames on one connection."""
PATIENCE = 30.0


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Refusals are what this is about: their log lines would only take time."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


class Pipe:
    """A real stdio connection whose input is fed by hand and whose output is read from a real pipe."""

    def __init__(self, checker: Checker) -> None:
        self.checker = checker
        self.ids: set[object] = set()
        self._found: Invalid | None = None
        self._rest = b""
        self._changed = asyncio.Event()

    async def open(self, connection: Connection) -> None:
        inward, self._keep = os.pipe()
        self._out, outward = os.pipe()
        os.set_blocking(self._out, False)
        await connection.open(inward, outward)
        asyncio.get_running_loop().add_reader(self._out, self._read)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._out)
        os.close(self._out)
        os.close(self._keep)
        assert self._found is None
        assert not self._rest, "half a line at the end"

    def _read(self) -> None:
        *lines, self._rest = (self._rest + os.read(self._out, 1 << 20)).split(b"\n")
        self._changed.set()
        try:
            for line in lines:
                message = self.checker.check(line)
                if isinstance(message, dict):
                    self.ids.add(message.get("id"))
        except Invalid as found:
            self._found = self._found or found

    async def until(self, request_id: object) -> None:
        """Wait for the answer with this id."""
        async with asyncio.timeout(PATIENCE):
            while request_id not in self.ids:
                if self._found is not None:
                    raise self._found
                self._changed.clear()
                await self._changed.wait()


def request(request_id: str, revision: str, method: str, params: dict[str, object]) -> bytes:
    client = Client(None, revision)  # type: ignore[arg-type]
    return json.dumps(client.frame(method, params, request_id=request_id)[1]).encode()


def test_mutated_frames_into_the_connection() -> None:
    fuzzer = Fuzzer(scale.SEED)
    cuts = random.Random(scale.SEED)

    async def one_round(server: object, revision: str, frames: list[bytes]) -> None:
        checker = Checker(revision)
        pipe, left = Pipe(checker), asyncio.Event()
        connection = Connection(server, 1 << 20, left.set)  # type: ignore[arg-type]
        await pipe.open(connection)
        if revision in LEGACY:
            info = {"name": "fuzz", "version": "1"}
            everything = {"elicitation": {}, "sampling": {}, "roots": {}}
            opening = {"protocolVersion": revision, "capabilities": everything, "clientInfo": info}
            frames = [request("open", revision, "initialize", opening), *frames]
        frames.append(request("last", revision, "tools/list", {}))
        for frame in frames:
            checker.sent(frame)
        data = b"".join(frame + cuts.choice((b"\n", b"\n", b"\r\n", b"\n\n")) for frame in frames)
        while data:
            at = cuts.choice((1, 7, 100, 1000, 10_000, 65_536))
            connection.data_received(data[:at])
            data = data[at:]
            if cuts.random() < 0.2:
                await asyncio.sleep(0)
        await pipe.until("last")
        await connection.close(1)
        pipe.close()

    async def work() -> None:
        async with serving(KINDS, page_size=3) as served:
            done = 0
            while done < scale.STDIO:
                frames = list(fuzzer.frames(min(ROUND, scale.STDIO - done)))
                done += len(frames)
                await one_round(served.server, REVISIONS[done // ROUND % len(REVISIONS)], frames)
            assert not served.server.peers
            assert all(failure.trace_id is None for failure in served.host.health().failures)

    in_loop(work)


def test_mutated_frames_into_a_real_process() -> None:
    fuzzer = Fuzzer(scale.SEED + 1)

    def one_round(revision: str, count: int) -> None:
        checker = Checker(revision)
        with process(env={"MCP_AGENT__LIMITS__PAGE_SIZE": "3"}) as server:

            async def opened() -> None:
                await Client(server, revision, capabilities={"roots": {}}).open()

            asyncio.run(opened())
            done = 0
            while done < count:
                frames = list(fuzzer.frames(min(50, count - done)))
                done += len(frames)
                last = f"last {done}"
                frames.append(request(last, revision, "tools/list", {}))
                for frame in frames:
                    checker.sent(frame)
                server.write(b"".join(frame + b"\n" for frame in frames))
                while True:
                    message = checker.check(server.read_line())
                    if isinstance(message, dict) and message.get("id") == last:
                        break
            server.end_input()
            while True:
                try:
                    checker.check(server.read_line())
                except EOFError as end:
                    left = end.args
                    break
            assert left == (b"",)
            assert server.wait() == 0
            assert "Traceback" not in server.said()

    for revision in ("2025-03-26", MODERN):
        one_round(revision, scale.PROCESS // 2)
