"""Who may call: a bearer token, and no web page of somebody else's that talks to this machine behind one's back."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from urllib.parse import urlsplit

from aiohttp import hdrs
from multidict import CIMultiDictProxy

from mcp_agent.config import HttpSettings
from mcp_agent.errors import ConfigError, InvalidRequest
from mcp_agent.paths import Paths, private_bytes
from mcp_agent.transports.http.refusal import Refusal

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def check_address(host: str, token: bool) -> None:
    """Raises ConfigError for an address that others can reach and that would ask for no token."""
    if not token and not _is_loopback(host):
        raise ConfigError(
            f"Without a token the server may listen on this machine only, and {host} can be reached from others. "
            "Leave out --no-token, or listen on 127.0.0.1."
        )


def load_token(paths: Paths) -> str:
    """The token that callers must send, made on first use and kept in a file that only its owner may read."""
    return private_bytes(paths.state / "http.token", secrets.token_urlsafe(32).encode()).decode().strip()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    address = _address(host)
    return address is not None and address.is_loopback


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _hostname(authority: str) -> str | None:
    """The name in ``name:port``, lower case and without brackets; None for what is no authority."""
    try:
        return urlsplit(f"//{authority}").hostname
    except ValueError:
        return None


class Gate:
    """Lets a request in or raises Refusal.

    A page that rebinds its own name to this machine arrives with that name as ``Host``; any other page, with its
    ``Origin``. Programs send no ``Origin``.
    """

    def __init__(self, host: str, token: str | None, settings: HttpSettings) -> None:
        self._token = token.encode() if token is not None else None
        self._origins = {origin.lower().rstrip("/") for origin in settings.allowed_origins}
        self._hosts = {host.lower(), *_LOOPBACK, *(name.lower() for name in settings.allowed_hosts)}
        address = _address(host)
        self._on_every_address = address is not None and address.is_unspecified

    def check_source(self, headers: CIMultiDictProxy[str]) -> None:
        if not self._knows_host(headers.get(hdrs.HOST, "")):
            raise Refusal(403, InvalidRequest("This host name is not served: add it to http.allowed_hosts"))
        if not all(map(self._knows_origin, headers.getall(hdrs.ORIGIN, ()))):
            raise Refusal(403, InvalidRequest("This web origin may not call: add it to http.allowed_origins"))

    def check_token(self, headers: CIMultiDictProxy[str]) -> None:
        if self._token is None:
            return
        scheme, _, given = headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        given_bytes = given.strip().encode(errors="surrogateescape")
        if scheme.lower() != "bearer" or not hmac.compare_digest(given_bytes, self._token):
            error = InvalidRequest("Send the server's token: Authorization: Bearer ... (the file http.token holds it)")
            raise Refusal(401, error, headers={hdrs.WWW_AUTHENTICATE: 'Bearer realm="mcp-agent"'})

    def _knows_host(self, authority: str) -> bool:
        name = _hostname(authority)
        if name is None:
            return False
        # An address cannot be rebound, only a name can.
        return name in self._hosts or (self._on_every_address and _address(name) is not None)

    def _knows_origin(self, origin: str) -> bool:
        origin = origin.lower().rstrip("/")
        if origin in self._origins:
            return True
        scheme, _, authority = origin.partition("://")
        return scheme in ("http", "https") and _hostname(authority) in _LOOPBACK
