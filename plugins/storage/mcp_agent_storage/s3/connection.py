"""The client of an account: opened when it is first needed, one for all calls, closed when nobody uses it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from mcp_agent import Context, ToolError
from mcp_agent_storage.settings import Account

_AT_ONCE = 10


class Client:
    """An open client and how many use it."""

    def __init__(self, s3: Any, stack: AsyncExitStack, secret: str) -> None:
        self.s3 = s3
        self.stack = stack
        self.secret = secret
        self.users = 0


class Connection:
    """Kept in ``ctx.state`` for each account while the plugin runs."""

    def __init__(self, account: Account, idle_seconds: float) -> None:
        self._account = account
        self._idle_seconds = idle_seconds
        self._client: Client | None = None
        self._opening = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def is_open(self) -> bool:
        return self._client is not None

    @asynccontextmanager
    async def use(self, ctx: Context, name: str) -> AsyncIterator[Any]:
        """The S3 client of aiobotocore. A new one when the secret was set anew."""
        if not self._account.access_key_id:
            raise ToolError(
                f"The store {name} has no access_key_id.",
                hint=f"Set it at plugins.storage.stores.{name} in the configuration, and the key that belongs to it, "
                f"on this machine: mcp-agent secrets set storage {name}",
            )
        secret = (await ctx.secrets.require(name)).reveal()
        async with self._opening:
            client = self._client
            if client is None or client.secret != secret:
                client = await self._open(ctx, secret)
                old, self._client = self._client, client
                if old is not None and not old.users:
                    await old.stack.aclose()
            client.users += 1
        if self._timer is not None:
            self._timer.cancel()
        try:
            yield client.s3
        finally:
            client.users -= 1
            if not client.users:
                self._left(client)

    async def close(self) -> None:
        """For the end: whoever still uses it is cut off."""
        if self._timer is not None:
            self._timer.cancel()
        client, self._client = self._client, None
        if client is not None:
            await client.stack.aclose()
        await asyncio.gather(*self._closing)

    def _left(self, client: Client) -> None:
        loop = asyncio.get_running_loop()
        if client is self._client:
            self._timer = loop.call_later(self._idle_seconds, self._idle, client)
        else:  # another one has taken its place
            self._end(client)

    def _idle(self, client: Client) -> None:
        if client is self._client and not client.users:
            self._client = None
            self._end(client)

    def _end(self, client: Client) -> None:
        task = asyncio.get_running_loop().create_task(client.stack.aclose())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _open(self, ctx: Context, secret: str) -> Client:
        session, config = await ctx.in_thread(_prepared(bool(self._account.endpoint)))
        stack = AsyncExitStack()
        s3 = await stack.enter_async_context(
            session.create_client(
                "s3", region_name=self._account.region, endpoint_url=self._account.endpoint or None, config=config,
                aws_access_key_id=self._account.access_key_id, aws_secret_access_key=secret,
            )
        )  # fmt: skip
        return Client(s3, stack, secret)


def _prepared(own_endpoint: bool) -> Any:
    """A session that has read what it needs from disk, and knows nothing of files and variables of other programs.

    Importing and reading take a second: in a thread.
    """

    def work() -> tuple[Any, Any]:
        from aiobotocore.config import AioConfig
        from aiobotocore.session import AioSession

        nothing = {
            "profile": (None, None, None, None),
            "config_file": (None, None, os.devnull, None),
            "credentials_file": (None, None, os.devnull, None),
        }
        session = AioSession(session_vars=nothing)
        loader = session.get_component("data_loader")
        for name in ("endpoints", "partitions", "sdk-default-configuration", "_retry"):
            loader.load_data(name)
        for kind in ("service-2", "endpoint-rule-set-1"):
            loader.load_service_model("s3", kind)
        return session, AioConfig(
            connect_timeout=10, read_timeout=60, max_pool_connections=_AT_ONCE, ignore_configured_endpoint_urls=True,
            retries={"mode": "standard", "total_max_attempts": 3}, signature_version="s3v4",
            s3={"addressing_style": "path" if own_endpoint else "auto"},
            request_checksum_calculation="when_required", response_checksum_validation="when_required",
        )  # fmt: skip

    return work
