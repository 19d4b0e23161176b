"""What a site asks of programs, in its robots.txt (RFC 9309), read by protego."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from mcp_agent import ToolError

if TYPE_CHECKING:
    from protego import Protego
    from yarl import URL

Load = Callable[["URL"], Awaitable[tuple[int, bytes]]]
"""Gives status and body of an address, redirects followed. Raises ToolError."""

_SITES = 500
_GOOD_FOR = 3600.0
_EVERYTHING, _NOTHING = b"", b"User-agent: *\nDisallow: /\n"


class Robots:
    """``agent`` is the word by which we are named there. Answers are remembered for an hour."""

    def __init__(self, agent: str, load: Load, now: Callable[[], float]) -> None:
        self._agent = agent
        self._load = load
        self._now = now
        self._known: OrderedDict[str, tuple[float, Protego]] = OrderedDict()

    async def check(self, url: URL) -> float:
        """The seconds between two requests that the site asks for. Raises ToolError where it wants no visit."""
        rules = await self._rules(url)
        if not rules.can_fetch(str(url), self._agent):
            raise ToolError(
                f"{url.host} asks programs not to fetch {url.path} (robots.txt).",
                hint="Let the person open it, or use another source.",
            )
        return float(rules.crawl_delay(self._agent) or 0.0)

    async def _rules(self, url: URL) -> Protego:
        from protego import Protego

        origin, now = str(url.origin()), self._now()
        known = self._known.get(origin)
        if known is None or known[0] < now:
            body = await self._read(url)
            known = self._known[origin] = (now + _GOOD_FOR, Protego.parse(body.decode(errors="replace")))
            if len(self._known) > _SITES:
                self._known.popitem(last=False)
        return known[1]

    async def _read(self, url: URL) -> bytes:
        """A site without the file allows everything; one that fails to give it is left alone, as the standard says."""
        status, body = await self._load(url.origin().with_path("/robots.txt"))
        if status < 400:
            return body
        return _EVERYTHING if status < 500 and status != 429 else _NOTHING
