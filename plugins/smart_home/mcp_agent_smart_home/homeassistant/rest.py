"""The parts of Home Assistant that are only there over REST: configurations and pictures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec

from mcp_agent import ToolError, UpstreamError, read_body
from mcp_agent_smart_home.home import Json

if TYPE_CHECKING:
    import aiohttp

_MOST_JSON = 4 * 2**20
_MOST_PICTURE = 8 * 2**20


class Rest:
    """Requests with the token. Errors of Home Assistant become ToolError with its own words."""

    def __init__(
        self,
        url: Callable[[], Awaitable[str]],
        http: Callable[[], aiohttp.ClientSession],
        token: Callable[[], Awaitable[str]],
    ) -> None:
        self._url = url
        self._http = http
        self._token = token

    async def json(self, method: str, path: str, body: Json = None) -> Json:
        """What it answers; None for what is not there (404)."""
        data = None if body is None else msgspec.json.encode(body)
        status, _, answer = await self._request(method, path, data, _MOST_JSON)
        if status == 404:
            return None
        try:
            value = msgspec.json.decode(answer) if answer else None
        except msgspec.DecodeError:
            value = {"message": answer[:200].decode(errors="replace")}
        if status >= 400:
            said = value.get("message") if isinstance(value, dict) else None
            raise ToolError(f"Home Assistant refuses that: {said or f'HTTP {status}'}.")
        return value

    async def picture(self, path: str) -> tuple[bytes, str]:
        status, kind, answer = await self._request("GET", path, None, _MOST_PICTURE)
        if status != 200 or not kind.startswith("image/"):
            raise UpstreamError(f"The camera gives no picture (HTTP {status}).")
        return answer, "image/jpeg" if kind == "image/jpg" else kind

    async def _request(self, method: str, path: str, data: bytes | None, at_most: int) -> tuple[int, str, bytes]:
        import aiohttp

        url = await self._url()
        host = url.partition("://")[2]
        headers = {"Authorization": f"Bearer {await self._token()}", "Content-Type": "application/json"}
        try:
            async with self._http().request(method, url + path, data=data, headers=headers) as response:
                body = await read_body(response, at_most=at_most)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            sent = not isinstance(error, aiohttp.ClientConnectorError)
            why = str(error) or type(error).__name__
            raise UpstreamError(f"Home Assistant failed: {why}.", host=host, sent=sent) from None
        if response.status == 401:
            raise ToolError(
                f"Home Assistant at {host} refuses the token.",
                hint="Make a new long-lived token, and run: mcp-agent secrets set smart_home token",
            )
        if response.status >= 500:
            raise UpstreamError(f"Home Assistant failed with HTTP {response.status}.", host=host)
        return response.status, response.content_type, body
