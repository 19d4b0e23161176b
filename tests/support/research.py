"""What the tests of the research plugin share: settings without a network, and a small web on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

MODULE = "mcp_agent_research"

OFFLINE: dict[str, Any] = {
    "engines": {"wikipedia": "", "brave": ""},
    "papers": {"openalex": "", "arxiv": "", "crossref": "", "doi": ""},
}
"""Settings with which nothing beyond this machine is asked."""

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class LocalWeb:
    """A web server on loopback. ``pages`` gives bodies or handlers by path; ``asked`` is what it was asked for."""

    def __init__(self, pages: Mapping[str, str | bytes | Answer]) -> None:
        self.pages = dict(pages)
        self.asked: list[str] = []
        self.requests: list[web.Request] = []
        self.port = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        return f"http://{self.host}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path_qs)
        self.requests.append(request)
        page = self.pages.get(request.path)
        if page is None:
            return web.Response(status=404, text="not there")
        if callable(page):
            return await page(request)
        if isinstance(page, bytes):
            return web.Response(body=page, content_type="application/octet-stream")
        return web.Response(text=page, content_type="text/html")


@asynccontextmanager
async def local_web(pages: Mapping[str, str | bytes | Answer]) -> AsyncIterator[LocalWeb]:
    """Serve pages on a free port of 127.0.0.1."""
    served = LocalWeb(pages)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", served.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    served.port = runner.addresses[0][1]
    try:
        yield served
    finally:
        await runner.cleanup()


def web_settings(*servers: LocalWeb, **more: Any) -> dict[str, Any]:
    """Settings that allow these servers, by name, and leave hosts no rest."""
    return {**OFFLINE, "web": {"allow_hosts": [one.host for one in servers], "pace_seconds": 0, **more}}


def article(title: str, *paragraphs: str) -> str:
    """An HTML page with enough text around it to be one."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
