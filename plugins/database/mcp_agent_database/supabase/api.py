"""The REST layer of one project (PostgREST): nothing but GET is ever sent, and the key goes to that project alone."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from mcp_agent import Context, ToolError, UpstreamError, read_body
from mcp_agent_database.settings import Connection
from mcp_agent_database.words import refused

_MOST_BYTES = 32_000_000
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Answer(msgspec.Struct, frozen=True):
    """JSON, and how many rows there are altogether where that was asked."""

    data: Any
    total: int | None


class Api:
    """Asks with the key of the project, which never leaves this class."""

    def __init__(self, ctx: Context, name: str, connection: Connection) -> None:
        self._ctx, self._name = ctx, name
        parts = urllib.parse.urlsplit(connection.url)
        if parts.path.strip("/") or parts.query or parts.username or not parts.hostname:
            raise ToolError(f"The url of {name} is more than a project.", hint="https://PROJECT.supabase.co")
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise ToolError(f"The key of {name} would be sent without encryption.", hint="Begin its url with https://.")
        self.root = f"{parts.scheme}://{parts.netloc}"

    async def get(
        self, table: str, parameters: Sequence[tuple[str, str]] = (), *, schema: str = "", count: bool = False
    ) -> Answer:
        """Rows of a table; the description of all tables where it is empty. Raises ToolError for what is refused."""
        import aiohttp
        import yarl

        url = yarl.URL(f"{self.root}/rest/v1/{urllib.parse.quote(table, safe='')}", encoded=True)
        headers = await self._headers()
        if schema:
            headers["Accept-Profile"] = schema
        if count:
            headers["Prefer"] = "count=estimated"
        try:
            async with self._ctx.http.get(
                url.with_query(list(parameters)), headers=headers, allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=self._ctx.config.seconds),
            ) as response:  # fmt: skip
                body = await read_body(response, at_most=_MOST_BYTES)
                data = _json(body)
                if response.status not in (200, 206):
                    raise self._refusal(response.status, data)
                return Answer(data, _total(response.headers.get("Content-Range", "")))
        except TimeoutError:
            raise ToolError("It took too long.", hint="Ask for less.") from None
        except aiohttp.ClientError as error:
            raise UpstreamError(f"{self._name} is not reached: {type(error).__name__}") from None

    async def _headers(self) -> dict[str, str]:
        found = await self._ctx.secrets.get(self._name)
        if found is None:
            raise ToolError(
                f"The key of {self._name} is not known.",
                hint=f"mcp-agent secrets set database {self._name}; it is in the project's settings, API keys.",
            )
        key = found.reveal()
        if key.startswith("eyJ"):  # the older keys are tokens as well
            return {"apikey": key, "Authorization": f"Bearer {key}"}
        return {"apikey": key}

    def _refusal(self, status: int, data: Any) -> ToolError:
        said = data if isinstance(data, Mapping) else {}
        message = said.get("message") or f"status {status}"
        if status in (401, 403):
            hint = f"The key decides what may be read: mcp-agent secrets set database {self._name}."
            return refused(f"{self._name} does not let us in", Exception(message), hint)
        if status >= 500 and "code" not in said:
            return UpstreamError(f"{self._name} answers {status}: {message}")
        return refused("Supabase refuses this", Exception(message), said.get("hint"))


def _json(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None


def _total(content_range: str) -> int | None:
    """Of ``0-4/17`` it is 17."""
    last = content_range.rpartition("/")[2]
    return int(last) if last.isdigit() else None
