"""Who has no token holds up nobody: not by connections that say nothing, nor by what has to be unpacked."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import zlib

import pytest
from aiohttp import hdrs
from yarl import URL

from mcp_agent.transports.http import strangers
from tests.transports.http_client import Served, modern, serving, standard

DISCOVER = modern("server/discover")
TOKEN = {hdrs.AUTHORIZATION: "Bearer sesame"}
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "_EVERY", 0.02)
    monkeypatch.setattr(strangers, "_SECONDS", 0.3)


async def half_a_request(served: Served) -> Connection:
    url = URL(served.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(b"POST /mcp HTTP/1.1\r\nHost: localhost\r\n")
    return reader, writer


async def answered(served: Served) -> int:
    async with served.post(DISCOVER, {**standard(DISCOVER), **TOKEN}) as response:
        await response.read()
        return int(response.status)


async def gone(reader: asyncio.StreamReader) -> bool:
    """Waits until the other side has ended the connection."""
    with contextlib.suppress(ConnectionError):
        await reader.read()
    return True


def test_who_says_nothing_is_not_waited_for_and_who_has_the_token_stays() -> None:
    async def play() -> None:
        body = json.dumps(DISCOVER)
        said = {**standard(DISCOVER), **TOKEN, "Content-Type": "application/json", "Content-Length": len(body)}
        whole = "".join(f"{name}: {value}\r\n" for name, value in said.items()) + f"\r\n{body}"
        async with serving(token="sesame") as served:
            known, writer = await half_a_request(served)
            writer.write(whole.encode())
            assert (await known.readuntil(b"\r\n")).startswith(b"HTTP/1.1 200")
            stranger, other = await half_a_request(served)
            assert await gone(stranger)
            writer.write(b"POST /mcp HTTP/1.1\r\nHost: localhost\r\n" + whole.encode())
            assert b"HTTP/1.1 200" in await known.readuntil(b"HTTP/1.1 200")
            for one in (writer, other):
                one.close()

    asyncio.run(play())


def test_there_are_not_many_of_them_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "_SECONDS", 60.0)
    monkeypatch.setattr(strangers, "_MOST", 10)

    async def play() -> None:
        async with serving(token="sesame") as served:
            connections = [await half_a_request(served) for _ in range(50)]
            await asyncio.gather(*(gone(reader) for reader, _ in connections[:40]))
            assert not any(reader.at_eof() for reader, _ in connections[40:])
            assert await answered(served) == 200
            for _, writer in connections:
                writer.close()

    asyncio.run(play())


@pytest.mark.parametrize(("headers", "status"), [(TOKEN, 415), ({}, 401)])
def test_nothing_is_unpacked(headers: dict[str, str], status: int) -> None:
    """Half a megabyte that would be half a gigabyte costs no more than the bytes that it is."""
    bomb = zlib.compress(bytes(2**29), 9)

    async def took(served: Served, body: bytes, more: dict[str, str], expected: int) -> float:
        began = time.process_time()
        async with served.post(body, {**standard(DISCOVER), **headers, **more}) as response:
            assert response.status == expected
        return time.process_time() - began

    async def play() -> None:
        async with serving(token="sesame") as served:
            as_it_is = await took(served, bytes(len(bomb)), {}, 400 if headers else 401)
            packed = await took(served, bomb, {hdrs.CONTENT_ENCODING: "deflate"}, status)
            assert packed < 10 * as_it_is + 0.1, f"{as_it_is * 1000:.1f} ms as it is, {packed * 1000:.1f} ms packed"

    asyncio.run(play())
