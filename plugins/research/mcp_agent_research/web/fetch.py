"""Fetching a page: every step to where it is in the end is checked as the first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from mcp_agent import Context, ToolError, read_body
from mcp_agent_research.settings import WebSettings
from mcp_agent_research.web.guard import Guard, new_guard
from mcp_agent_research.web.pace import Pace
from mcp_agent_research.web.robots import Robots
from mcp_agent_research.web.urls import read_url

if TYPE_CHECKING:
    from yarl import URL

TYPES = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "text/markdown": "text",
    "text/x-rst": "text",
    "application/pdf": "pdf",
}
"""The content types that are read, and as what."""

_REDIRECTS = (301, 302, 303, 307, 308)
_ROBOTS_BYTES = 500_000
_ROBOTS_REDIRECTS = 5


class Fetched(Struct, frozen=True):
    """What came back. ``url`` is where it was in the end, ``kind`` a value of TYPES."""

    url: str
    kind: str
    body: bytes
    charset: str | None


class Answer(Struct, frozen=True):
    status: int
    type: str
    charset: str | None
    body: bytes
    location: str | None


class Web:
    """The web as this plugin sees it. One for a plugin; close it."""

    def __init__(
        self, settings: WebSettings, guard: Guard, robots_agent: str, pace: Pace, now: Callable[[], float]
    ) -> None:
        self._settings = settings
        self._guard = guard
        self._pace = pace
        self._robots = Robots(robots_agent, self._load_robots, now)

    async def fetch(self, text: str) -> Fetched:
        """A page or file as bytes. Raises ToolError that says what is in the way."""
        try:
            async with asyncio.timeout(self._settings.seconds):
                return await self._fetch(read_url(text))
        except TimeoutError:
            raise ToolError(f"{text[:200]} was not there within {self._settings.seconds:g} seconds.") from None

    async def ask(self, text: str, accept: str, *, redirects: int = 5) -> Answer:
        """For an interface that answers with data: guarded as a page is, but robots.txt is not for those."""
        url = read_url(text)
        for _ in range(redirects + 1):
            await self._pace.turn(url.host or "")
            answer = await self._get(url, accept, self._settings.max_bytes)
            if answer.location is None:
                return answer
            url = read_url(answer.location, url)
        raise ToolError(f"{url.host} redirects more than {redirects} times.")

    async def close(self) -> None:
        await self._guard.close()

    async def _fetch(self, url: URL) -> Fetched:
        for _ in range(self._settings.redirects + 1):
            delay = await self._robots.check(url)
            await self._pace.turn(url.host or "", delay)
            answer = await self._get(url, ", ".join(TYPES), self._settings.max_bytes, only=TYPES)
            if answer.location is None:
                if answer.status != 200:
                    raise ToolError(f"{url} answered with status {answer.status}.", hint="Try another source.")
                return Fetched(str(url), TYPES[answer.type], answer.body, answer.charset)
            url = read_url(answer.location, url)
        raise ToolError(f"{url.host} redirects more than {self._settings.redirects} times.")

    async def _load_robots(self, url: URL) -> tuple[int, bytes]:
        host = url.host
        for _ in range(_ROBOTS_REDIRECTS + 1):
            answer = await self._get(url, "text/plain", _ROBOTS_BYTES)
            if answer.location is None:
                return answer.status, answer.body
            url = read_url(answer.location, url)
        raise ToolError(f"robots.txt of {host} redirects without end.")

    async def _get(self, url: URL, accept: str, at_most: int, only: dict[str, str] | None = None) -> Answer:
        """One request. The body is read only where it is wanted: status 200, and one of the types in ``only``."""
        import aiohttp

        response = await self._guard.get(url, {"Accept": accept}, self._settings.seconds)
        try:
            location = response.headers.get("Location") if response.status in _REDIRECTS else None
            found = response.content_type if "Content-Type" in response.headers else "text/html"
            body = b""
            if response.status == 200:
                if only is not None and found not in only:
                    raise ToolError(
                        f"{url} is of type {found}, which is not read.", hint="Pages, plain text and PDF files are."
                    )
                if (response.content_length or 0) > at_most:
                    raise ToolError(f"{url} has {response.content_length:,} bytes; {at_most:,} at most are read.")
                body = await read_body(response, at_most=at_most)
            return Answer(response.status, found, response.charset, body, location)
        except aiohttp.ClientError as error:
            raise ToolError(f"{url.host} broke off in the middle of its answer: {error}.") from None
        except TimeoutError:
            raise ToolError(f"{url.host} was too slow: {self._settings.seconds:g} seconds were not enough.") from None
        finally:
            response.close()


def new_web(ctx: Context) -> Web:
    settings: WebSettings = ctx.config.web
    pace = Pace(settings.pace_seconds, ctx.clock.monotonic)
    return Web(settings, new_guard(ctx), "mcp-agent", pace, ctx.clock.monotonic)
