"""Two HTTP clients: one that reaches the public internet and nothing else, one for hosts that the person allowed."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mcp_agent import Context, ToolError
from mcp_agent_research.settings import WebSettings
from mcp_agent_research.web.addresses import is_public

if TYPE_CHECKING:
    import aiohttp
    from yarl import URL

_REFUSED = "this address is not on the public internet"
_CONNECTIONS = 16
_CONNECT_SECONDS = 10.0


class Guard:
    """Chooses the client for an address, and refuses what may not be reached. One for a plugin; close it."""

    def __init__(self, settings: WebSettings, user_agent: Callable[[], str]) -> None:
        self._settings = settings
        self._allowed = frozenset(host.lower() for host in settings.allow_hosts)
        self._user_agent = user_agent
        self._open: aiohttp.ClientSession | None = None
        self._public: aiohttp.ClientSession | None = None

    def is_allowed(self, url: URL) -> bool:
        """Whether the person named this host: with its port, or for all the ports that may be used."""
        host = f"[{url.host}]" if ":" in (url.host or "") else url.host
        return f"{host}:{url.port}" in self._allowed or (host in self._allowed and url.port in self._settings.ports)

    async def get(self, url: URL, headers: dict[str, str], seconds: float) -> aiohttp.ClientResponse:
        """One request, no redirect followed. Raises ToolError for what is refused or cannot be reached."""
        import aiohttp

        if not self.is_allowed(url) and url.port not in self._settings.ports:
            raise ToolError(
                f"{url.host} is to be asked on port {url.port}, and only {self._ports()} may be used.",
                hint="The setting plugins.research.web.ports says which.",
            )
        try:
            return await self._session(url).get(
                url, headers=headers, allow_redirects=False, timeout=aiohttp.ClientTimeout(total=seconds)
            )
        except aiohttp.InvalidURL:
            raise ToolError(f"{url.host} is no name of a host that can be.") from None
        except aiohttp.ClientConnectorError as error:
            if error.os_error.errno == errno.EACCES and _REFUSED in str(error.os_error):
                raise ToolError(
                    f"{url.host} is not fetched: {_REFUSED}.",
                    hint="The setting plugins.research.web.allow_hosts can allow a host of your own network.",
                ) from None
            raise ToolError(f"{url.host} cannot be reached: {error.os_error.strerror or error.os_error}.") from None
        except aiohttp.ClientError as error:
            raise ToolError(f"{url.host} did not answer as a web server does: {error}.") from None
        except TimeoutError:
            raise ToolError(f"{url.host} did not answer within {seconds:g} seconds.") from None

    async def close(self) -> None:
        for session in (self._open, self._public):
            if session is not None:
                await session.close()

    def _ports(self) -> str:
        return ", ".join(map(str, self._settings.ports)) or "none"

    def _session(self, url: URL) -> aiohttp.ClientSession:
        if self.is_allowed(url):
            if self._open is None:
                self._open = self._new_session(None)
            return self._open
        if self._public is None:
            self._public = self._new_session(_public_socket)
        return self._public

    def _new_session(self, socket_factory: Any) -> aiohttp.ClientSession:
        import aiohttp

        connector = aiohttp.TCPConnector(
            limit=_CONNECTIONS, resolver=aiohttp.ThreadedResolver(), socket_factory=socket_factory,
            happy_eyeballs_delay=None, use_dns_cache=False,
        )  # fmt: skip
        return aiohttp.ClientSession(
            connector=connector, headers={"User-Agent": self._user_agent()}, cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(sock_connect=_CONNECT_SECONDS), trust_env=False,
        )  # fmt: skip


def new_guard(ctx: Context) -> Guard:
    """With the User-Agent of the host's own client: a site sees one name, whichever of them asks."""
    return Guard(ctx.config.web, lambda: ctx.http.headers["User-Agent"])


def _public_socket(info: tuple[Any, ...]) -> socket.socket:
    """The last thing before connecting: ``info`` holds the very address that the socket is about to be given.

    So it does not matter how a host was spelt, what its name resolved to the time before, or who redirected to it.
    """
    family, kind, protocol, _, address = info
    if not is_public(str(address[0])):
        raise OSError(errno.EACCES, _REFUSED)
    return socket.socket(family, kind, protocol)
