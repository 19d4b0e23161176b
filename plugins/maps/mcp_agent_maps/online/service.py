"""One question to a service: remembered answers first, in turn, with its name and ours, and failures in plain words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from mcp_agent import VERSION, Context, ToolError, UpstreamError, read_body
from mcp_agent_maps.online import ledger

T = TypeVar("T")

_LARGEST = 8 * 2**20
_BUSY = (429, 503, 504)
_TRIES = 4
_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 30.0


class Service(Struct, frozen=True):
    """``apart`` is how many seconds must be between two questions; ``alone`` allows one at a time."""

    title: str
    url: str
    apart: float = 0.0
    alone: bool = False

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or self.url

    @property
    def source(self) -> str:
        return f"{self.title} at {self.host}"


async def ask_json(
    ctx: Context, service: Service, path: str = "", *, query: Mapping[str, str] | None = None, body: Any = None
) -> Any:
    """The answer as JSON. Raises UpstreamError."""

    def read(raw: bytes) -> Any:
        try:
            return msgspec.json.decode(raw)
        except msgspec.DecodeError:
            raise UpstreamError(
                f"{service.source} answered with something that is not JSON.", host=service.host
            ) from None

    encoded = None if body is None else msgspec.json.encode(body)
    return await ask_service(ctx, service, path, read, query=query, body=encoded)


async def ask_service(
    ctx: Context,
    service: Service,
    path: str,
    read: Callable[[bytes], T],
    *,
    query: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> T:
    """What ``read`` makes of the answer, new or remembered. One that it raises UpstreamError for is not remembered."""
    url = service.url.rstrip("/") + path
    question = msgspec.json.encode([url, dict(query or {}), (body or b"").decode()], order="sorted").decode()
    known = await ledger.remembered(ctx, question)
    if known is not None:
        return read(known)
    async with _turn(ctx, service):
        raw = await _fetch(ctx, service, url, query, body)
    answer: T = await ctx.in_thread(lambda: read(raw))
    await ledger.remember(ctx, question, raw)
    return answer


@asynccontextmanager
async def _turn(ctx: Context, service: Service) -> AsyncIterator[None]:
    """Alone where the service wants that; nobody waits for ever. Raises UpstreamError."""
    if not service.alone:
        yield
        return
    try:
        async with asyncio.timeout(ctx.config.wait_seconds):
            await ctx.state.alone.acquire()
    except TimeoutError:
        raise _busy(service) from None
    try:
        yield
    finally:
        ctx.state.alone.release()


async def _fetch(
    ctx: Context, service: Service, url: str, query: Mapping[str, str] | None, body: bytes | None
) -> bytes:
    """Busy services are given the time that they ask for, as long as that is not more than we wait."""
    left, pause = float(ctx.config.wait_seconds), _FIRST_PAUSE
    for _ in range(_TRIES):
        wait = await ledger.take_turn(ctx, service.host, service.apart, left)
        if wait is None:
            break
        await asyncio.sleep(wait)
        status, asked_pause, answer = await _once(ctx, service, url, query, body)
        if status not in _BUSY:
            if status < 400:
                return answer
            raise _refused(service, status, answer)
        left -= wait
        pause = min(_LONGEST_PAUSE, asked_pause if asked_pause is not None else pause * 2)
        if pause > left:
            break
        await asyncio.sleep(pause)
        left -= pause
    raise _busy(service)


async def _once(
    ctx: Context, service: Service, url: str, query: Mapping[str, str] | None, body: bytes | None
) -> tuple[int, float | None, bytes]:
    """(status, seconds that it asks to wait, body)."""
    import aiohttp

    contact = f"; {ctx.config.contact}" if ctx.config.contact else ""
    headers = {"User-Agent": f"mcp-agent/{VERSION} (maps{contact})", "Accept": "application/json"}
    try:
        async with ctx.http.request(
            "GET" if body is None else "POST", url, params=query, data=body, headers=headers
        ) as response:
            answer = await read_body(response, at_most=_LARGEST)
            after = response.headers.get("Retry-After", "")
            return response.status, float(after) if after.isdigit() else None, answer
    except (aiohttp.ClientError, TimeoutError) as error:
        raise UpstreamError(
            f"{service.source} could not be reached ({type(error).__name__}).",
            host=service.host,
            hint="Without the network, an extract loaded with maps_load_extract answers.",
        ) from None


def _busy(service: Service) -> UpstreamError:
    hint = "Ask again in a minute, or load an extract."
    return UpstreamError(f"{service.source} is busy.", host=service.host, sent=False, hint=hint)


def _refused(service: Service, status: int, answer: bytes) -> ToolError:
    said = " ".join(answer[:300].decode(errors="replace").split())
    why = f"{service.source} refused the question ({status})"
    if status == 400:
        return BadQuestion(f"{why}: {said}")
    return UpstreamError(f"{why}.", host=service.host)


class BadQuestion(ToolError):
    """The service understood that it cannot answer this, and said why."""
