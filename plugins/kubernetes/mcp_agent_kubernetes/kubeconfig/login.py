"""What a request needs to be let in: headers, TLS, and the strings that must never be seen outside."""

from __future__ import annotations

import asyncio
import base64
import binascii
import ssl
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from mcp_agent import ToolError
from mcp_agent_kubernetes.kubeconfig.plugins import Issued, run
from mcp_agent_kubernetes.kubeconfig.reading import Kubeconfig, KubeContext, Named

_MOST_BYTES = 2**20
_SHORTEST_SECRET = 4


class Address(Struct, frozen=True):
    """Where a cluster is. ``server`` has no credentials in it and may be shown."""

    server: str
    proxy: str | None
    tls_name: str | None


class Login(Struct, frozen=True):
    """``until`` in seconds since 1970: when it has to be made anew. ``secrets`` are struck out of all that comes."""

    headers: Mapping[str, str]
    tls: ssl.SSLContext | None
    secrets: tuple[bytes, ...]
    until: float | None = None


def cluster_of(config: Kubeconfig, context: KubeContext) -> Named:
    return _named(config.clusters, context.cluster, "cluster", context)


def user_of(config: Kubeconfig, context: KubeContext) -> Named:
    if not context.user:
        return Named({}, Path())
    return _named(config.users, context.user, "user", context)


def _named(entries: Mapping[str, Named], name: str, kind: str, context: KubeContext) -> Named:
    found = entries.get(name)
    if found is None:
        raise ToolError(f"The context {context.name} names the {kind} {name!r}, which its kubeconfig does not have.")
    return found


def address_of(cluster: Named, context: KubeContext) -> Address:
    """Raises ToolError for what no request can be sent to."""
    server = str(cluster.said.get("server") or "")
    try:
        parts = urlsplit(server)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ToolError(
            f"The cluster of the context {context.name} has no server that begins with https:// or http://."
        )
    if parts.username or parts.password:
        raise ToolError(f"The server of the context {context.name} has a login in its address, which is not supported.")
    proxy = str(cluster.said.get("proxy-url") or "")
    if proxy and not proxy.startswith(("http://", "https://")):
        raise ToolError(f"The context {context.name} goes through a proxy that is not HTTP, which is not supported.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    shown = f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path.rstrip('/')}"
    return Address(shown, proxy or None, str(cluster.said.get("tls-server-name") or "") or None)


async def log_in(
    cluster: Named, user: Named, context: KubeContext, address: Address, commands: tuple[str, ...], now: float
) -> Login:
    """Raises ToolError with what is missing; no value of the kubeconfig is in it but names."""
    said, issued = user.said, Issued()
    if said.get("exec"):
        issued = await run(said["exec"], user.folder, cluster.said, context, commands)
    elif said.get("auth-provider"):
        raise ToolError(
            f"The context {context.name} logs in by an auth-provider, which Kubernetes itself has dropped.",
            hint="Write the kubeconfig anew with a current version of the tool that made it.",
        )
    return await asyncio.to_thread(_prepared, cluster, user, context, address, issued, now)


def _prepared(cluster: Named, user: Named, context: KubeContext, address: Address, issued: Issued, now: float) -> Login:
    said, headers, secrets = user.said, dict[str, str](), list[str]()
    token = issued.token or str(said.get("token") or "")
    read_again = None
    if not token and said.get("tokenFile"):
        token = _file(user.folder, str(said["tokenFile"]), "token").decode(errors="replace").strip()
        read_again = now + 60  # such files are replaced before they expire
    if token:
        headers["Authorization"] = f"Bearer {_header(token, context)}"
        secrets.append(token)
    elif said.get("username"):
        pair = f"{said['username']}:{said.get('password') or ''}"
        encoded = base64.b64encode(pair.encode()).decode()
        headers["Authorization"] = f"Basic {encoded}"
        secrets += [encoded, str(said.get("password") or "")]
    for name, key in (("Impersonate-User", "as"), ("Impersonate-Uid", "as-uid")):
        if said.get(key):
            headers[name] = _header(str(said[key]), context)
    if said.get("as-groups") or said.get("as-user-extra"):
        raise ToolError(f"The context {context.name} impersonates groups, which is not supported.")
    certificate = issued.certificate or _data(user, "client-certificate")
    key_pair = issued.key or _data(user, "client-key")
    tls = None
    if address.server.startswith("https://"):
        tls = _tls(cluster, certificate, key_pair, context)
    elif token or headers:
        raise ToolError(
            f"The context {context.name} would send its login to {address.server} without encryption.",
            hint="Use https:// for the server of the cluster.",
        )
    if key_pair:
        secrets += [base64.b64encode(key_pair).decode(), *_body_lines(key_pair)]
    until = issued.until if issued.until is not None else read_again
    strings = sorted({one for one in secrets if len(one) >= _SHORTEST_SECRET}, key=len, reverse=True)
    return Login(headers, tls, tuple(one.encode() for one in strings), until)


def _tls(cluster: Named, certificate: bytes, key: bytes, context: KubeContext) -> ssl.SSLContext:
    authority = _data(cluster, "certificate-authority")
    try:
        tls = ssl.create_default_context(cadata=authority.decode("ascii") if authority else None)
        if cluster.said.get("insecure-skip-tls-verify") is True:
            tls.check_hostname = False
            tls.verify_mode = ssl.CERT_NONE
    except (ssl.SSLError, ValueError):
        raise ToolError(f"The certificate authority of the context {context.name} cannot be read as PEM.") from None
    if not certificate:
        return tls
    with tempfile.TemporaryDirectory(prefix="kube-") as folder:  # 0700: ssl takes client certificates from files only
        pair = Path(folder) / "pair.pem"
        pair.touch(mode=0o600)
        pair.write_bytes(certificate + b"\n" + key)
        try:
            tls.load_cert_chain(pair, password=lambda: b"")
        except (ssl.SSLError, OSError, ValueError):
            raise ToolError(
                f"The client certificate of the context {context.name} cannot be used with its key.",
                hint="Both must be PEM, belong together, and have no passphrase.",
            ) from None
    return tls


def _data(named: Named, key: str) -> bytes:
    """``key-data`` as base64, or the file that ``key`` names."""
    inline = named.said.get(f"{key}-data")
    if inline:
        try:
            return base64.b64decode(str(inline), validate=False)
        except (binascii.Error, ValueError):
            raise ToolError(f"{key}-data in the kubeconfig is not base64.") from None
    path = named.said.get(key)
    return _file(named.folder, str(path), key) if path else b""


def _file(folder: Path, path: str, what: str) -> bytes:
    whole = folder / Path(path).expanduser()
    try:
        with whole.open("rb") as file:
            return file.read(_MOST_BYTES)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name cannot be"
        raise ToolError(f"The {what} file {whole} that the kubeconfig names cannot be read: {why}.") from None


def _header(value: str, context: KubeContext) -> str:
    if not value.isascii() or not value.isprintable():
        raise ToolError(f"The login of the context {context.name} has characters that no header can hold.")
    return value


def _body_lines(key: bytes) -> list[str]:
    lines = key.decode("ascii", errors="replace").split()
    return [line for line in lines if len(line) >= 40 and not line.startswith("-")]
