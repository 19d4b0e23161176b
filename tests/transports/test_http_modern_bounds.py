"""MCP 2026-07-28 over HTTP when there is too much, when somebody is too slow, and when it ends."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import aiohttp
import pytest

from mcp_agent.transports.http import endpoint
from mcp_agent.transports.http.events import Outbox
from tests.plugins.patient import gate
from tests.transports.http_client import EVERYTHING, MODERN, answer, events, serving
from tests.transports.modern_http import when_gone


def test_more_requests_than_the_server_takes_are_refused() -> None:
    async def play() -> None:
        async with serving(in_flight=1) as served:
            held = asyncio.create_task(served.ask("tools/call", {"name": "wait"}).__aenter__())
            await gate.started.wait()
            async with served.ask("tools/list") as response:
                assert response.status == 503
            gate.released.set()
            (await held).release()
            async with served.ask("tools/list") as response:
                assert response.status == 200

    asyncio.run(play())


def test_a_message_that_never_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "BODY_SECONDS", 0.01)

    async def play() -> None:
        async with serving() as served:
            port = urlsplit(served.url).port
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            head = (
                "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"
            )
            writer.write(head.encode() + b"{")
            assert b"408" in await reader.readline()
            writer.close()
            await writer.wait_closed()

    asyncio.run(play())


def test_a_client_that_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        uri = "test://" + "x" * 50_000
        async with serving() as served:
            listen = {"notifications": {"resourceSubscriptions": [uri]}}
            async with served.ask("subscriptions/listen", listen) as stream:
                gone = when_gone(served, monkeypatch)
                for _ in range(20_000):
                    served.host.server.resource_updated(uri)
                    await asyncio.sleep(0)
                    if gone.is_set():
                        break
                assert gone.is_set()
                with pytest.raises(aiohttp.ClientError):
                    await stream.content.read()

    asyncio.run(play())


def test_a_slow_client_is_congested_before_it_is_hopeless() -> None:
    async def play() -> None:
        cut: list[bool] = []
        outbox = Outbox(lambda: cut.append(True), bytes)
        assert not outbox.congested
        outbox.put(b"x" * 100_000)
        assert outbox.congested
        assert outbox.take() == [b"x" * 100_000]
        assert not outbox.congested
        sent = 0
        while not cut:
            outbox.put(b"y" * 100_000)
            sent += 1
        assert 10 < sent < 100
        assert outbox.ended
        outbox.put(b"z")
        assert b"z" not in outbox.take()

    asyncio.run(play())


def test_a_stop_ends_everything_in_good_order() -> None:
    async def play() -> None:
        async with serving() as served:
            listen = {"notifications": {"toolsListChanged": True}}
            async with served.ask("subscriptions/listen", listen, request_id=5, capabilities=EVERYTHING) as stream:
                heard = events(stream, MODERN, "subscriptions/listen")
                await anext(heard)
                call = asyncio.create_task(served.ask("tools/call", {"name": "wait"}).__aenter__())
                await gate.started.wait()
                served.stop.set()
                gate.released.set()
                result = await answer(await call, MODERN, "tools/call")
                assert result["result"]["content"][0]["text"] == "Waited."
                assert [one["id"] async for one in heard] == [5]

    asyncio.run(play())
