"""Getting JSON from Steam: with limits, and with errors that a person understands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from mcp_agent import ToolError, UpstreamError, read_body

if TYPE_CHECKING:
    import asyncio

    import aiohttp

MOST_BYTES = 16 * 2**20
SECONDS = 20.0
LATER = "Try again in some minutes. What is installed here is known without it."


class Refused(ToolError):
    """Steam wants a (better) key for this."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"{host} refuses the Web API key, or this needs one.",
            hint="Set a valid one with 'mcp-agent secrets set steam key' (https://steamcommunity.com/dev/apikey).",
        )


class Fetcher:
    """A few requests at a time. The key travels in a header: URLs turn up in logs and errors."""

    def __init__(self, session: aiohttp.ClientSession, gate: asyncio.Semaphore) -> None:
        self._session = session
        self._gate = gate

    async def get(self, url: str, params: Mapping[str, str | int], key: str | None = None) -> Any:
        """The JSON of an answer. Raises Refused and UpstreamError; neither holds the URL's query."""
        import aiohttp

        headers = {"x-webapi-key": key} if key else {}
        limit = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with self._gate, self._session.get(url, params=params, headers=headers, timeout=limit) as response:
                body = await read_body(response, at_most=MOST_BYTES)
                return _read(response.url.host or "Steam", response.status, body)
        except (aiohttp.ClientError, TimeoutError) as error:
            why = "in time" if isinstance(error, TimeoutError) else f"({type(error).__name__})"
            raise UpstreamError(f"Steam did not answer {why}.", hint=LATER) from None


def _read(host: str, status: int, body: bytes) -> Any:
    try:
        answer = msgspec.json.decode(body)
    except msgspec.DecodeError:
        answer = None
    if isinstance(answer, dict) and answer and status in (400, 403):  # how Steam says "private" and "has none"
        return answer
    if status in (401, 403):
        raise Refused(host)
    if status == 429:
        raise UpstreamError(f"{host} has had too many questions for now.", host=host, hint=LATER)
    if status >= 400:
        raise UpstreamError(f"{host} answered {status}.", host=host, hint=LATER)
    if answer is None and body.strip() != b"null":
        raise UpstreamError(f"{host} answered with something that is not JSON.", host=host, hint=LATER)
    return answer
