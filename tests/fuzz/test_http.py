"""Mutated frames and headers over HTTP, on loopback: no crash, no hang, nothing but valid answers."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from mcp_agent.config import HttpSettings
from mcp_agent.transports import http
from tests.fuzz import scale
from tests.fuzz.checker import Checker
from tests.fuzz.mutation import Fuzzer
from tests.plugins.kinds import waiting
from tests.support.schema import LEGACY, MODERN, Invalid
from tests.support.served import KINDS, in_loop, serving

ROUND = 150
"""Requests in one session."""
AT_ONCE = 8
PATIENCE = 30.0
_STATUSES = {200, 202, 204, 400, 403, 404, 405, 406, 409, 413, 415, 503}
_VALUES = ["", "x", "*/*", "text/html", "application/json", "text/event-stream", MODERN, "2025-03-26", "1999-01-01",
           "é", "tools/call", "echo", "=?base64?w6k=?=", "=?base64?!?=", "0" * 500]  # fmt: skip
_NAMED = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri", "tasks/get": "taskId",
          "tasks/update": "taskId", "tasks/cancel": "taskId"}  # fmt: skip


class OpenGates(dict[str, asyncio.Event]):
    """Nothing waits: there is nobody to let it go."""

    def __missing__(self, key: str) -> asyncio.Event:
        event = asyncio.Event()
        event.set()
        return event


@pytest.fixture(autouse=True)
def _prepared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(waiting, "gates", OpenGates())
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


class Browser:
    """One keep-alive connection, as plain as can be, and the session that goes with it."""

    def __init__(self, port: int, revision: str) -> None:
        self.port = port
        self.revision = revision
        self.checker = Checker(revision)
        self.session: str | None = None
        self.statuses: Counter[int] = Counter()
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def open(self) -> None:
        if self.revision in LEGACY:
            opening = {
                "jsonrpc": "2.0", "id": "open", "method": "initialize",
                "params": {"protocolVersion": self.revision, "capabilities": {},
                           "clientInfo": {"name": "fuzz", "version": "1"}},
            }  # fmt: skip
            headers = await self.post(json.dumps(opening).encode(), {})
            self.session = headers["mcp-session-id"]

    def headers_for(self, frame: bytes) -> dict[str, str]:
        """What a client would say of this frame, as far as it can be read."""
        if self.revision in LEGACY:
            return {"mcp-session-id": self.session or "", "mcp-protocol-version": self.revision}
        headers = {"mcp-protocol-version": MODERN}
        try:
            message = json.loads(frame.decode("utf-8", "replace"))
            method = message["method"]
            headers["mcp-method"] = _plain(method)
            headers["mcp-name"] = _plain(message["params"][_NAMED[method]])
        except (ValueError, KeyError, TypeError, RecursionError):
            pass
        return headers

    async def post(self, body: bytes, headers: dict[str, str], method: str = "POST") -> dict[str, str]:
        """Send it and judge all that comes back. Gives the headers of the answer."""
        self.checker.sent(body)
        async with asyncio.timeout(PATIENCE):
            if self._writer is None:
                self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
            said = {
                "host": f"127.0.0.1:{self.port}", "content-type": "application/json",
                "accept": "application/json, text/event-stream", "content-length": str(len(body)), **headers,
            }  # fmt: skip
            lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
            self._writer.write(f"{method} /mcp HTTP/1.1\r\n{lines}\r\n".encode("latin-1", "replace") + body)
            return await self._answer()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def _answer(self) -> dict[str, str]:
        assert self._reader is not None
        status = int((await self._reader.readline()).split()[1])
        headers = {}
        while line := (await self._reader.readline()).rstrip(b"\r\n"):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        self.statuses[status] += 1
        if status not in _STATUSES:
            raise Invalid(f"status {status}")
        if headers.get("content-type", "").startswith("text/event-stream"):
            await self._events(self._reader)
        elif headers.get("content-length", "0") != "0":
            body = await self._reader.readexactly(int(headers["content-length"]))
            if headers.get("content-type", "").startswith("application/json"):
                self.checker.check(body)
            elif status == 200:
                raise Invalid(f"an answer of type {headers.get('content-type')}: {body[:200]!r}")
        if headers.get("connection", "").lower() == "close":
            self.close()
        return headers

    async def _events(self, reader: asyncio.StreamReader) -> None:
        """Read a stream to its end, or up to what would not end without us: a question, or a subscription."""
        rest = b""
        while True:
            size = int((await reader.readline()).strip() or b"0", 16)
            chunk = await reader.readexactly(size + 2)
            if size == 0:
                return
            rest += chunk[:-2]
            while b"\n\n" in rest:
                event, _, rest = rest.partition(b"\n\n")
                if event.startswith(b":"):
                    continue
                assert event.startswith(b"event: message\ndata: "), event
                message = self.checker.check(event.removeprefix(b"event: message\ndata: "))
                if "method" in message and ("id" in message or "acknowledged" in message["method"]):
                    self.close()
                    return


def _plain(value: Any) -> str:
    return "".join(letter for letter in str(value) if 32 <= ord(letter) < 127)[:200]


def _mutated(headers: dict[str, str], chance: random.Random) -> dict[str, str]:
    """Headers, of which one is now and then missing or strange."""
    if chance.random() < 0.8:
        return headers
    name = chance.choice([*headers, "accept", "content-type", "origin", "host", "last-event-id", "mcp-param-x"])
    return {**headers, name: chance.choice(_VALUES)}


def test_mutated_requests() -> None:
    fuzzer, chance = Fuzzer(scale.SEED + 2), random.Random(scale.SEED)
    statuses: Counter[int] = Counter()

    async def one_round(port: int, revision: str, frames: list[bytes]) -> None:
        browser = Browser(port, revision)
        await browser.open()
        for frame in frames:
            headers = _mutated(browser.headers_for(frame), chance)
            method = "POST" if chance.random() < 0.99 else chance.choice(("PUT", "OPTIONS", "PATCH"))
            try:
                await browser.post(frame, headers, method)
            except (asyncio.IncompleteReadError, ConnectionError, IndexError) as error:
                raise AssertionError(f"cut off by {method} {headers} {frame!r}") from error
        if browser.session is not None:
            await browser.post(b"", browser.headers_for(b""), "DELETE")
        browser.close()
        statuses.update(browser.statuses)

    async def work() -> None:
        stop, started = asyncio.Event(), asyncio.get_running_loop().create_future()
        # Sessions ask questions that nobody answers: each keeps one of its plugin's places until the session ends.
        async with serving(KINDS, page_size=3, plugin_calls=100_000) as served:
            serve = asyncio.create_task(
                http.serve(
                    served.server, "127.0.0.1", 0, token=None, settings=HttpSettings(), max_bytes=1 << 20,
                    started=started.set_result, stop=stop,
                )
            )  # fmt: skip
            port = int((await started).rpartition(":")[2].partition("/")[0])
            done = 0
            revisions = [MODERN, LEGACY[-1], MODERN, LEGACY[1], MODERN, LEGACY[0], MODERN, LEGACY[2]]
            while done < scale.HTTP:
                rounds = []
                for at in range(AT_ONCE):
                    frames = list(fuzzer.frames(min(ROUND, scale.HTTP - done)))
                    done += len(frames)
                    rounds.append(one_round(port, revisions[at], frames))
                await asyncio.gather(*rounds)
            stop.set()
            await serve
            assert not served.server.peers
        assert sum(statuses.values()) >= scale.HTTP
        assert min(statuses[200], statuses[202], statuses[400]) > scale.HTTP // 100, statuses

    in_loop(work)
