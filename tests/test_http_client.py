"""What a plugin gets from ``ctx.http``."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from mcp_agent import Config, Host, ToolError
from mcp_agent.config import HttpClientSettings
from mcp_agent.version import VERSION

PLUGIN = "tests.plugins.fetching"


@asynccontextmanager
async def site() -> AsyncIterator[str]:
    """A web server on loopback; gives its address."""

    async def agent(request: web.Request) -> web.Response:
        reply = web.Response(text=f"{request.headers['User-Agent']} cookies={dict(request.cookies)}")
        reply.set_cookie("followed", "yes")
        return reply

    async def bomb(request: web.Request) -> web.Response:
        packed = zlib.compress(bytes(2**20))
        return web.Response(body=packed, headers={"Content-Encoding": "deflate"})

    over = asyncio.Event()

    async def never(request: web.Request) -> web.Response:
        await over.wait()
        return web.Response()

    app = web.Application()
    app.add_routes([web.get("/agent", agent), web.get("/bomb", bomb), web.get("/never", never)])
    runner = web.AppRunner(app)
    await runner.setup()
    server = web.TCPSite(runner, "127.0.0.1", 0)
    await server.start()
    try:
        assert runner.addresses
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        over.set()
        await runner.cleanup()


def test_it_says_who_asks_and_keeps_no_cookies() -> None:
    async def work() -> None:
        async with site() as url, Host(on_disk=False, installed=False, modules=[PLUGIN]) as host:
            for _ in range(2):
                answer = await host.call("fetching_get", {"url": f"{url}/agent"})
                assert answer.text == f"mcp-agent/{VERSION} (fetching) cookies={{}}"

    asyncio.run(work())


def test_an_answer_that_unpacks_to_more_than_was_asked_for_is_refused() -> None:
    async def work() -> None:
        async with site() as url, Host(on_disk=False, installed=False, modules=[PLUGIN]) as host:
            with pytest.raises(ToolError, match=r"127\.0\.0\.1 answered with more than 1,000 bytes"):
                await host.call("fetching_get", {"url": f"{url}/bomb"})

    asyncio.run(work())


def test_a_server_that_never_answers_is_given_up_and_the_client_is_closed_with_the_host() -> None:
    async def work() -> None:
        config = Config(http_client=HttpClientSettings(total_seconds=0.05))
        async with site() as url, Host(config, on_disk=False, installed=False, modules=[PLUGIN]) as host:
            with pytest.raises(ToolError):
                await host.call("fetching_get", {"url": f"{url}/never"})
            scope = host._supervisor.scopes["fetching"]
            assert scope.http is not None
            assert not scope.http.closed
        assert scope.http.closed

    asyncio.run(work())
