"""The engines that are configured: each a client, made when it is first used; its connections close when idle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Annotated, Any

from mcp_agent import Context, Field, ToolError, UpstreamError
from mcp_agent_containers.finding import find_url
from mcp_agent_containers.settings import Allow, Connection, Settings

if TYPE_CHECKING:
    from aiodocker import Docker
    from aiohttp import ClientResponse

LOCAL = "local"
_SECONDS = 60.0
_CONNECT_SECONDS = 5.0
_NOT_REACHED = 900
"""What aiodocker gives as the status where there was no answer at all."""

ConnectionName = Annotated[str | None, Field("Which connection of the settings. Left out: the first.", max_length=100)]
ContainerName = Annotated[str, Field("Its name or id.", min_length=1, max_length=200, pattern=r"^[a-zA-Z0-9][\w.-]*$")]


class Engine:
    """One engine. ``where`` is its address, for a person to see."""

    def __init__(self, name: str, where: str, settings: Connection) -> None:
        self.name = name
        self.where = where
        self.writable = settings.writable
        self.allow: Allow = settings.allow
        self._client: Docker | None = None

    def __str__(self) -> str:
        return f"{self.name} ({self.where})"

    @property
    def client(self) -> Docker:
        if self._client is None:
            from aiodocker import Docker
            from aiohttp import ClientTimeout

            self._client = Docker(url=self.where, timeout=ClientTimeout(total=_SECONDS, sock_connect=_CONNECT_SECONDS))
        return self._client

    @asynccontextmanager
    async def stream(self, path: str, params: Mapping[str, str]) -> AsyncIterator[ClientResponse]:
        """An answer that is read as it comes, however long it takes."""
        from aiodocker import DockerError
        from aiohttp import ClientTimeout

        client = self.client
        if client.api_version == "auto":
            client.api_version = "v" + str((await client.version())["ApiVersion"])
        url = f"{client.docker_host}/{client.api_version}/{path}"
        endless = ClientTimeout(sock_connect=_CONNECT_SECONDS)
        async with client.session.get(url, params=params, timeout=endless) as response:
            if response.status >= 400:
                raise DockerError(response.status, (await response.json())["message"])
            yield response

    @contextmanager
    def told(self, what: str, *, hint: str | None = None) -> Iterator[None]:
        """What goes wrong inside becomes words. ``what`` is what was to be done: 'stop web'."""
        from aiodocker import DockerError
        from aiohttp import ClientError

        try:
            yield
        except DockerError as error:
            if error.status == _NOT_REACHED:
                raise self._gone(error, sent=False) from None
            if error.status >= 500:
                raise UpstreamError(f"{self} could not {what}: {error.message}", host=self.name, hint=hint) from None
            raise ToolError(
                f"{self} could not {what}: {error.message}", hint=hint or "containers_list shows what there is."
            ) from None
        except (ClientError, ConnectionError) as error:
            raise self._gone(error, sent=True) from None
        except TimeoutError:
            raise UpstreamError(f"{self} did not answer in time, asked to {what}.", host=self.name) from None

    def _gone(self, error: Exception, *, sent: bool) -> UpstreamError:
        return UpstreamError(
            f"{self} does not answer: {getattr(error, 'message', error)}",
            host=self.name,
            sent=sent,
            hint="See whether Docker or Podman runs there, and whether this account may use its socket.",
        )

    async def close(self) -> None:
        if self._client is not None:
            client, self._client = self._client, None
            await client.close()


class Engines:
    """All of them, by name."""

    def __init__(self, settings: Settings) -> None:
        self._settings = dict(settings.connections) or {LOCAL: Connection()}
        self._engines: dict[str, Engine] = {}
        self.watches: dict[str, Any] = {}
        """What containers_events has running, by the engine's name."""

    @property
    def names(self) -> list[str]:
        return list(self._settings)

    def get(self, name: str | None) -> Engine:
        """Raises ToolError where there is no such connection, or no engine for it."""
        name = name if name is not None else self.names[0]
        engine = self._engines.get(name)
        if engine is None:
            settings = self._settings.get(name)
            if settings is None:
                raise ToolError(f"There is no connection {name!r}.", hint=f"There is: {', '.join(self.names)}.")
            engine = self._engines[name] = Engine(name, settings.url or _found(), settings)
        return engine

    async def close(self) -> None:
        for task in self.watches.values():
            await task.close()
        await asyncio.gather(*(engine.close() for engine in self._engines.values()))


def _found() -> str:
    url = find_url()
    if url is None:
        raise ToolError(
            "There is no Docker or Podman on this machine: none of the usual sockets is there.",
            hint="Start Docker or Podman, or name an engine in the settings: plugins: containers: connections:.",
        )
    return url


def engine_of(ctx: Context, name: str | None) -> Engine:
    """For reading."""
    engines: Engines = ctx.state
    return engines.get(name)


def writable_engine_of(ctx: Context, name: str | None) -> Engine:
    """For changing something. Raises ToolError where that is not switched on."""
    engine = engine_of(ctx, name)
    if not engine.writable:
        raise ToolError(
            f"The connection {engine.name} is only for reading.",
            hint=f"A person can switch writing on: plugins: containers: connections: {engine.name}: writable: true.",
        )
    return engine
