"""A cluster as one context of the kubeconfig sees it: everything that is asked of it, and what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from mcp_agent import Context, ToolError, UpstreamError, read_body
from mcp_agent_kubernetes.failures import refused
from mcp_agent_kubernetes.kubeconfig.reading import Kubeconfig, KubeContext
from mcp_agent_kubernetes.settings import ContextSettings

if TYPE_CHECKING:
    from aiohttp import ClientResponse

    from mcp_agent_kubernetes.discovery import Discovery
    from mcp_agent_kubernetes.kubeconfig.login import Login

JSON = "application/json"
Query = Mapping[str, str | int | None]
"""Of an address; what is None or empty is left out."""
NOTHING: Query = MappingProxyType({})
_MOST_BYTES = 64 * 2**20
_SECONDS = 60.0
_CONNECT_SECONDS = 5.0
_EARLY = 60.0
"""Seconds before a login ends that a new one is made."""


class Request(Struct, frozen=True):
    """``endless``: the answer may take as long as it takes."""

    method: str
    path: str
    what: str
    query: Query = NOTHING
    body: Any = None
    kind: str = JSON
    accept: str = JSON
    endless: bool = False

    @property
    def changes(self) -> bool:
        return self.method != "GET"


class Cluster:
    """A cluster as one context of the kubeconfig sees it. Everything that is sent goes through ``stream``."""

    def __init__(self, ctx: Context, config: Kubeconfig, context: KubeContext, settings: ContextSettings) -> None:
        from mcp_agent_kubernetes.discovery import Discovery
        from mcp_agent_kubernetes.kubeconfig import login

        self.name = context.name
        self.context = context
        self.writable = settings.writable
        self._ctx = ctx
        self._commands = settings.commands
        self._cluster = login.cluster_of(config, context)
        self._user = login.user_of(config, context)
        self.address = login.address_of(self._cluster, context)
        self.discovery: Discovery = Discovery(self)
        self._login: Login | None = None
        self._logging_in = asyncio.Lock()

    def __str__(self) -> str:
        return f"context {self.name} (cluster {self.context.cluster}, {self.address.server})"

    def where(self, namespace: str | None) -> str:
        """Where a change lands, for a person to see."""
        return f"{self}, {f'namespace {namespace}' if namespace else 'the whole cluster'}"

    def must_be_writable(self) -> None:
        if not self.writable:
            raise ToolError(
                f"The context {self.name} is only for reading.",
                hint=f"A person can switch writing on: plugins: kubernetes: contexts: {self.name}: {{writable: true}}.",
            )

    async def get(self, path: str, what: str, query: Query = NOTHING, *, accept: str = JSON) -> Any:
        """What is there, as data. ``what`` is what is to be done: 'list pods'. Raises Refused where the server says no,
        UpstreamError where there is no answer."""
        return await self._ask(Request("GET", path, what, query, accept=accept))

    async def send(
        self, method: str, path: str, what: str, body: Any = None, query: Query = NOTHING, *, kind: str = JSON
    ) -> Any:
        """Change something; gives the answer. Raises like ``get``, and where writing is not switched on."""
        return await self._ask(Request(method, path, what, query, body=body, kind=kind))

    async def _ask(self, request: Request) -> Any:
        async with self.stream(request) as response:
            data = self.veil(await read_body(response, at_most=_MOST_BYTES))
        try:
            return msgspec.json.decode(data)
        except msgspec.DecodeError:
            raise UpstreamError(f"{self} gave no JSON, asked to {request.what}.", host=self.name) from None

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncIterator[ClientResponse]:
        """An answer that is read as it comes. Whoever reads it has to ``veil`` what it gives."""
        if request.changes:
            self.must_be_writable()  # the one door: on a context for reading nothing but GET is ever sent
        for again in (True, False):
            login = await self._logged_in()
            async with self._sent(login, request) as response:
                if response.status == 401 and again and login.until is not None:
                    self._login = None
                    continue
                if response.status >= 300:
                    raise await self._failure(response, request)
                yield response
            return

    async def _failure(self, response: ClientResponse, request: Request) -> ToolError:
        status, what = response.status, request.what
        if status < 400:
            return UpstreamError(f"{self} sends elsewhere, asked to {what}, which is not followed.", host=self.name)
        error = refused(status, self.veil(await read_body(response, at_most=_MOST_BYTES)), what, str(self))
        if status < 500 and status != 429:
            return error
        return UpstreamError(str(error), host=self.name, sent=request.changes and status != 429)

    def veil(self, data: bytes) -> bytes:
        """Without the login, should the other side repeat it."""
        for secret in self._login.secrets if self._login is not None else ():
            if secret in data:
                data = data.replace(secret, b"(hidden)")
        return data

    async def _logged_in(self) -> Login:
        from mcp_agent_kubernetes.kubeconfig import login

        now = self._ctx.clock.time()
        async with self._logging_in:
            held = self._login
            if held is None or (held.until is not None and held.until - _EARLY < now):
                held = self._login = await login.log_in(
                    self._cluster, self._user, self.context, self.address, self._commands, now
                )
            return held

    @asynccontextmanager
    async def _sent(self, login: Login, request: Request) -> AsyncIterator[ClientResponse]:
        from aiohttp import ClientConnectorCertificateError, ClientError, ClientSSLError, ClientTimeout
        from yarl import URL

        headers = {**login.headers, "Accept": request.accept}
        data = None
        if request.body is not None:
            headers["Content-Type"], data = request.kind, msgspec.json.encode(request.body)
        url = URL(self.address.server + request.path, encoded=True).with_query(
            {name: str(value) for name, value in request.query.items() if value not in (None, "")}
        )
        timeout = ClientTimeout(total=None if request.endless else _SECONDS, sock_connect=_CONNECT_SECONDS)
        try:
            async with self._ctx.http.request(
                request.method, url, headers=headers, data=data, ssl=login.tls if login.tls is not None else True,
                proxy=self.address.proxy, server_hostname=self.address.tls_name, allow_redirects=False, timeout=timeout,
            ) as response:  # fmt: skip
                yield response
        except (ClientConnectorCertificateError, ClientSSLError) as error:
            raise UpstreamError(
                f"{self} cannot be trusted: its certificate does not fit ({type(error).__name__}).",
                host=self.name, sent=False,
                hint="The certificate authority in the kubeconfig must be that of the cluster.",
            ) from None  # fmt: skip
        except (ClientError, ConnectionError) as error:
            raise UpstreamError(
                f"{self} does not answer, asked to {request.what}: {_why(error)}.", host=self.name,
                sent=request.changes, hint="See whether the cluster runs and can be reached from here.",
            ) from None  # fmt: skip
        except TimeoutError:
            raise UpstreamError(
                f"{self} did not answer in time, asked to {request.what}.", host=self.name, sent=request.changes
            ) from None


def _why(error: Exception) -> str:
    inner = getattr(error, "os_error", None) or error
    return str(getattr(inner, "strerror", None) or inner or type(error).__name__)
