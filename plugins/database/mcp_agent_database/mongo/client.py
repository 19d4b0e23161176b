"""The client of one server: made when it is first needed, closed when nobody used it for a while."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any, TypeAlias

from mcp_agent import Context, ToolError, UpstreamError
from mcp_agent_database.settings import Connection
from mcp_agent_database.words import refused

Driver: TypeAlias = Any
_MOST = 4
_CONNECT_SECONDS = 5.0
_MORE_SECONDS = 5.0
"""How much longer than the server we wait for it to stop a query."""
_NOT_ALLOWED = (13, 18)
"""Codes of the server: no rights, no such user or password."""


class Client:
    """At most four connections, and those with which the driver watches the server; none when idle."""

    def __init__(self, ctx: Context, name: str, connection: Connection) -> None:
        self._ctx, self._name, self._connection = ctx, name, connection
        self._client: Driver = None
        self._opening = asyncio.Lock()
        self._users = 0
        self._closing: asyncio.TimerHandle | None = None
        self._closed: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def database(self) -> AsyncIterator[Driver]:
        """The database that the address names. What the driver raises inside becomes an error for people."""
        self._users += 1
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
        try:
            client = await self._open()
            with self._translated():
                yield client.get_default_database()
        finally:
            self._users -= 1
            if not self._users:
                loop = asyncio.get_running_loop()
                self._closing = loop.call_later(self._ctx.config.idle_seconds, self._close_later)

    async def close(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
        client, self._client = self._client, None
        if client is not None:
            await client.close()
        await asyncio.gather(*self._closed, return_exceptions=True)

    def _close_later(self) -> None:
        self._closing = None
        client, self._client = self._client, None
        if client is not None:
            task = asyncio.get_running_loop().create_task(client.close())
            self._closed.add(task)
            task.add_done_callback(self._closed.discard)

    async def _open(self) -> Driver:
        async with self._opening:
            if self._client is None:
                make = await self._ctx.in_thread(_library)
                password = await self._ctx.secrets.get(self._name)
                seconds = self._ctx.config.seconds
                with self._translated():
                    client = make(
                        self._connection.url,
                        **({"password": password.reveal()} if password else {}),
                        maxPoolSize=_MOST,
                        minPoolSize=0,
                        waitQueueTimeoutMS=round(1000 * (seconds + _MORE_SECONDS)),
                        serverSelectionTimeoutMS=round(1000 * min(_CONNECT_SECONDS, seconds)),
                        connectTimeoutMS=round(1000 * _CONNECT_SECONDS),
                        socketTimeoutMS=round(1000 * (seconds + _MORE_SECONDS)),
                        retryWrites=False,
                        tz_aware=True,
                        datetime_conversion="DATETIME_AUTO",
                        uuidRepresentation="standard",
                        unicode_decode_error_handler="replace",
                        appname="mcp_agent",
                    )
                    client.get_default_database()  # raises where the address names none
                self._client = client
            return self._client

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        from bson.errors import BSONError
        from pymongo import errors

        try:
            yield
        except (errors.ExecutionTimeout, errors.NetworkTimeout) as error:
            raise refused("It took too long", error, "Ask for less.") from None
        except errors.ConfigurationError as error:
            raise refused(f"The address of {self._name} is not complete", error, "mongodb://host/DATABASE") from None
        except errors.ConnectionFailure as error:
            raise UpstreamError(f"{self._name} is not reached: {str(error)[:200]}") from None
        except errors.OperationFailure as error:
            hint = f"mcp-agent secrets set database {self._name}" if error.code in _NOT_ALLOWED else None
            raise refused(
                "MongoDB refuses this", Exception(error.details and error.details.get("errmsg")), hint
            ) from None
        except (errors.PyMongoError, BSONError, ValueError, TypeError, OverflowError) as error:
            raise refused("This cannot be sent", error) from None


def _library() -> Any:
    try:
        from pymongo import AsyncMongoClient
    except ImportError:
        raise ToolError("pymongo is not installed.", hint="Install the extra mcp-agent-database[mongo].") from None
    return AsyncMongoClient
