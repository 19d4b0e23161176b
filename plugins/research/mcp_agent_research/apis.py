"""Asking services that the person configured: JSON or XML over HTTP, one guarded way for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_agent import Context, ToolError, UpstreamError, read_body

_MOST_BYTES = 8_000_000
_SECONDS = 20.0


async def get_json(ctx: Context, url: str, params: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Any:
    """What a service answers, decoded. Raises UpstreamError."""
    import msgspec

    body = await get_bytes(ctx, url, params, {"Accept": "application/json", **(headers or {})})
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        raise UpstreamError(f"{_host(url)} did not answer with JSON: {error}.", host=_host(url)) from None


async def get_bytes(ctx: Context, url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> bytes:
    """The body of an answer with status 200. Raises UpstreamError. No redirect is followed: an address that the person
    configured is trusted, what it points to is not."""
    import aiohttp

    host = _host(url)
    try:
        async with ctx.http.get(
            url, params=params, headers=headers, allow_redirects=False, timeout=aiohttp.ClientTimeout(total=_SECONDS)
        ) as response:
            if response.status != 200:
                raise UpstreamError(f"{host} answered with status {response.status}.", host=host, hint=_why(response))
            return await read_body(response, at_most=_MOST_BYTES)
    except aiohttp.ClientError as error:
        raise UpstreamError(f"{host} cannot be asked: {error}.", host=host) from None
    except TimeoutError:
        raise UpstreamError(f"{host} did not answer within {_SECONDS:g} seconds.", host=host) from None


async def optional_key(ctx: Context, name: str) -> str | None:
    """A key that makes a service better but that it works without; None also where secrets cannot be read now."""
    try:
        secret = await ctx.secrets.get(name)
    except ToolError:
        return None
    return secret.reveal() if secret else None


def text(value: Any) -> str:
    """One line of text from whatever stood there; empty for nothing."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def items(value: Any, *path: str) -> list[Any]:
    """The list at a path of keys; empty where there is none, whatever there is instead."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, list) else []


def is_not_found(error: ToolError) -> bool:
    return "status 404" in str(error)


def _why(response: Any) -> str | None:
    if response.status == 429:
        return f"It wants fewer questions; {response.headers.get('Retry-After', 'a few')} seconds may do."
    return "Its key may be missing or wrong." if response.status in (401, 403) else None


def _host(url: str) -> str:
    from yarl import URL

    return URL(url).host or url
