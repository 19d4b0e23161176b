"""The HTTP client that a plugin gets from ``ctx.http``: aiohttp, with the host's limits already set."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from mcp_agent.config import HttpClientSettings
from mcp_agent.errors import ToolError, UpstreamError
from mcp_agent.version import VERSION

if TYPE_CHECKING:
    import aiohttp


def new_session(plugin: str, settings: HttpClientSettings) -> aiohttp.ClientSession:
    """A session that says who calls, keeps no cookies, and never waits without end. Close it."""
    import aiohttp  # 60 ms: paid by the first plugin that asks the network

    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=settings.connections, limit_per_host=settings.connections_per_host),
        timeout=aiohttp.ClientTimeout(total=settings.total_seconds, sock_connect=settings.connect_seconds),
        headers={"User-Agent": f"mcp-agent/{VERSION} ({plugin})"},
        cookie_jar=aiohttp.DummyCookieJar(),
    )


async def read_body(response: aiohttp.ClientResponse, *, at_most: int) -> bytes:
    """The body of an answer, ``at_most`` so many bytes after decompression. Raises ToolError for a longer one."""
    parts, size = [], 0
    async for part in response.content.iter_any():
        size += len(part)
        if size > at_most:
            raise ToolError(
                f"{response.url.host} answered with more than {at_most:,} bytes, which is more than this tool reads.",
                hint="Ask for less: a smaller page, a narrower question.",
            )
        parts.append(part)
    return b"".join(parts)


def failure_of(error: BaseException) -> ToolError | None:
    """What an error of ``ctx.http``, or of waiting, that a plugin let through means to a caller; None for any other."""
    if isinstance(error, TimeoutError):  # aiohttp names no host in its own
        return UpstreamError("What it waited for did not answer in time.")
    aiohttp = sys.modules.get("aiohttp")
    if aiohttp is None or isinstance(error, aiohttp.InvalidURL) or not isinstance(error, aiohttp.ClientError):
        return None
    if isinstance(error, aiohttp.ClientConnectorError):
        return UpstreamError(f"{error.host} cannot be reached: {error.os_error}.", host=error.host, sent=False)
    if not isinstance(error, aiohttp.ClientResponseError):
        return UpstreamError(f"The connection failed: {error or type(error).__name__}.")
    host = error.request_info.real_url.host
    said = f"{host} answered {error.status} {error.message}.".replace("..", ".")
    theirs = error.status >= 500 or error.status in (200, 408, 429)
    return UpstreamError(said, host=host) if theirs else ToolError(said)
