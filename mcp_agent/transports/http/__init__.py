"""Streamable HTTP: both eras on one endpoint, ``/mcp``.

Up to 2025-11-25 a client opens a session with ``initialize``; from 2026-07-28 each request stands alone. Answers are
plain JSON, or a stream of events when something comes before them. Importing this imports aiohttp.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web

from mcp_agent.config import HttpSettings
from mcp_agent.errors import ConfigError
from mcp_agent.protocol.server import Server
from mcp_agent.transports.http.access import Gate, check_address, load_token
from mcp_agent.transports.http.endpoint import Endpoint
from mcp_agent.transports.http.headers import SESSION
from mcp_agent.transports.http.refusal import Refusal
from mcp_agent.transports.http.sessions import Sessions
from mcp_agent.transports.http.strangers import Strangers

__all__ = ["PATH", "check_address", "load_token", "serve"]

PATH = "/mcp"
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def serve(
    server: Server,
    host: str,
    port: int,
    *,
    token: str | None,
    settings: HttpSettings,
    max_bytes: int,
    started: Callable[[str], None],
    stop: asyncio.Event,
) -> None:
    """Serve until ``stop`` is set, then let what runs end in good order.

    ``started`` gets the URL of the endpoint, with the port that was found when ``port`` is 0. ``max_bytes`` bounds one
    message. Raises ConfigError when the address cannot be had.
    """
    sessions = Sessions(server, settings, asyncio.get_running_loop().time)
    endpoint = Endpoint(server, sessions, max_bytes)
    strangers = Strangers(asyncio.get_running_loop().time)
    app = _application(endpoint, Gate(host, token, settings), strangers, max_bytes)
    # A handler is cancelled when its client leaves: in the modern era that is how a client cancels. Nothing is unpacked
    # on the way in: that would be done before anybody has looked at the token.
    runner = web.AppRunner(
        app, handler_cancellation=True, access_log=None, shutdown_timeout=server.limits.drain, auto_decompress=False
    )
    await runner.setup()
    assert runner.server is not None
    watching = asyncio.create_task(strangers.watch(runner.server))
    try:
        await _listen(runner, host, port)
        started(_url(runner))
        await stop.wait()
        endpoint.stopping = True
        await server.drain()
    finally:
        watching.cancel()
        sessions.end_all()
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise ConfigError(f"Cannot listen on {host}:{port}: {error.strerror}. Choose another address.") from None


def _url(runner: web.AppRunner) -> str:
    address, port = runner.addresses[0][:2]
    return f"http://[{address}]:{port}{PATH}" if ":" in address else f"http://{address}:{port}{PATH}"


def _application(endpoint: Endpoint, gate: Gate, strangers: Strangers, max_bytes: int) -> web.Application:
    @web.middleware
    async def guard(request: web.Request, handler: _Handler) -> web.StreamResponse:
        try:
            gate.check_source(request.headers)
            if request.method != hdrs.METH_OPTIONS:
                gate.check_token(request.headers)
                strangers.is_none(request)
            return await handler(request)
        except Refusal as refusal:
            return refusal.response()

    app = web.Application(middlewares=[guard], client_max_size=max_bytes)
    app.router.add_post(PATH, endpoint.post)
    app.router.add_get(PATH, endpoint.get, allow_head=False)
    app.router.add_delete(PATH, endpoint.delete)
    app.router.add_options(PATH, _preflight)
    app.on_response_prepare.append(_allow_origin)
    return app


async def _preflight(request: web.Request) -> web.Response:
    """What a browser asks before a page may call. The gate has let its origin in."""
    asked = request.headers.get(hdrs.ACCESS_CONTROL_REQUEST_HEADERS, "")
    return web.Response(
        status=204,
        headers={
            hdrs.ACCESS_CONTROL_ALLOW_METHODS: "POST, GET, DELETE",
            hdrs.ACCESS_CONTROL_ALLOW_HEADERS: asked,
            hdrs.ACCESS_CONTROL_MAX_AGE: "86400",
        },
    )


async def _allow_origin(request: web.Request, response: web.StreamResponse) -> None:
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and response.status != 403:
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
        response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = f"{SESSION}, {hdrs.WWW_AUTHENTICATE}"
        response.headers[hdrs.VARY] = hdrs.ORIGIN
