"""What a plugin gets from ``ctx.http``."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from mcp_agent import Config, Host, ToolError, UpstreamError
from mcp_agent.config import HttpClientSettings, ReliabilitySettings
from mcp_agent.errors import InternalFailure
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

    async def broken(request: web.Request) -> web.Response:
        raise web.HTTPInternalServerError

    async def hangs_up(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    over = asyncio.Event()

    async def never(request: web.Request) -> web.Response:
        await over.wait()
        return web.Response()

    app = web.Application()
    app.add_routes(
        [
            web.get("/agent", agent),
            web.get("/bomb", bomb),
            web.get("/broken", broken),
            web.get("/hangs_up", hangs_up),
            web.get("/never", never),
        ]
    )
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


def test_an_error_of_the_network_that_a_plugin_lets_through_is_no_bug_of_it() -> None:
    """Not alone and not in a task group: it says who failed, and counts as a failure of theirs."""

    async def work() -> None:
        config = Config(reliability=ReliabilitySettings(attempts=1))
        async with site() as url, Host(config, on_disk=False, installed=False, modules=[PLUGIN]) as host:
            for path, kind, said in (
                ("/missing", ToolError, "127.0.0.1 answered 404 Not Found."),
                ("/broken", UpstreamError, "127.0.0.1 answered 500 Internal Server Error."),
                ("/broken?together=1", UpstreamError, "127.0.0.1 answered 500 Internal Server Error."),
                ("/hangs_up", UpstreamError, "The connection failed: Server disconnected."),
            ):
                with pytest.raises(ToolError) as caught:
                    await host.call("fetching_strictly", {"url": f"{url}{path}"})
                assert (type(caught.value), str(caught.value)) == (kind, said)
            with pytest.raises(InternalFailure):
                await host.call("fetching_strictly", {"url": "no address"})
        with pytest.raises(UpstreamError, match=r"127\.0\.0\.1 cannot be reached: ") as refused:
            async with Host(config, on_disk=False, installed=False, modules=[PLUGIN]) as host:
                await host.call("fetching_strictly", {"url": url})
        assert (refused.value.sent, refused.value.host) == (False, "127.0.0.1")

    asyncio.run(work())
