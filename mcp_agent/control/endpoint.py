"""The control socket of an instance: a Unix socket that its owner alone can reach; on Windows a loopback port behind a
token, in a file of the owner's.

Every start makes one, so this imports little; what serves a connection is imported when the first one comes.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import socket
import stat
import struct
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mcp_agent.errors import AgentError
from mcp_agent.paths import Paths

if TYPE_CHECKING:  # who only watches needs no host
    from mcp_agent.host import Host

log = logging.getLogger(__name__)

Kind = Literal["unix", "loopback"]
SOCKET, LOOPBACK = ".sock", ".port"
"""The ends of names in the runtime folder, after the process id: a socket, or a file with port and token."""

_OWN_KIND: Kind = "loopback" if sys.platform == "win32" else "unix"
_LONGEST_PATH = 100
"""Bytes that the name of a Unix socket may have everywhere."""
_BACKLOG = 16
_SOL_LOCAL, _LOCAL_PEERCRED = 0, 1
"""macOS; Python has no names for them."""


class NotPrivate(AgentError):
    """The runtime folder cannot be kept to its owner."""


def socket_folder(paths: Paths) -> Path:
    """The runtime folder of a home, or a short one for it where a socket's name would be too long."""
    folder = paths.sockets
    if len(os.fsencode(folder)) + len("/.4194304-01234567.sock") <= _LONGEST_PATH:
        return folder
    import hashlib
    import tempfile

    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"mcp-{os.getuid() if hasattr(os, 'getuid') else 0}-{name}"


def is_private(folder: Path) -> bool:
    """Whether it is ours and nobody else's. Raises FileNotFoundError."""
    found = folder.lstat()
    if sys.platform == "win32":  # the folder lies in the person's profile, which keeps others out
        return stat.S_ISDIR(found.st_mode)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077


@contextlib.asynccontextmanager
async def control_socket(
    host: Host, paths: Paths, serves: str, *, kind: Kind = _OWN_KIND
) -> AsyncIterator[None]:  # fmt: skip
    """Open while it lasts. Where it cannot be opened, the instance serves without it, and the log says why."""
    token = secrets.token_hex(16) if kind == "loopback" else ""
    accept = _Accept(host, serves, token)
    folder = socket_folder(paths)
    try:
        try:
            _make_private(folder)
            server, path = await (_listen_unix if kind == "unix" else _listen_loopback)(folder, accept, token)
        except (OSError, AgentError) as error:
            log.warning("no dashboard can watch this instance: %s", error)
            yield
            return
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
            server.close()
            accept.close()
    finally:
        if folder != paths.sockets:  # it lies among the temporary files of everybody: leave nothing there
            with contextlib.suppress(OSError):
                folder.rmdir()


class _Accept:
    """Makes what serves a connection; the first one imports it."""

    def __init__(self, host: Host, serves: str, token: str) -> None:
        self._host, self._serves, self._token = host, serves, token
        self._desk: Any = None

    def __call__(self) -> asyncio.Protocol:
        if self._desk is None:
            from mcp_agent.control.server import ControlServer

            self._desk = ControlServer(self._host, self._serves, self._token)
        protocol: asyncio.Protocol = self._desk.connection()
        return protocol

    def close(self) -> None:
        if self._desk is not None:
            self._desk.close()


def is_own_peer(connection: socket.socket) -> bool:
    """Whether the process at the other end of a Unix socket is of this user; true where the system does not say."""
    if sys.platform == "linux":
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        _, uid, _ = struct.unpack("3i", credentials)
    elif sys.platform == "darwin":
        _, uid = struct.unpack("II", connection.getsockopt(_SOL_LOCAL, _LOCAL_PEERCRED, struct.calcsize("II")))
    else:
        return True
    return bool(uid == os.geteuid())


def _make_private(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()  # a link would have us close whatever it leads to
    if not is_private(folder) and stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
        folder.chmod(0o700)
    if not is_private(folder):
        raise NotPrivate(f"{folder} belongs to somebody else, or is open to others.")


def _name() -> str:
    return f"{os.getpid()}-{secrets.token_hex(4)}"


async def _listen_unix(
    folder: Path, accept: Callable[[], asyncio.Protocol], token: str
) -> tuple[asyncio.AbstractServer, Path]:
    """Listens before it has its name, so that whoever finds it can connect: one that refuses is a dead one."""
    path = folder / f"{_name()}{SOCKET}"
    unnamed = folder / f".{path.name}"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(os.fspath(unnamed))
        unnamed.chmod(0o600)
        listener.listen(_BACKLOG)
        listener.setblocking(False)
        os.rename(unnamed, path)
        return await asyncio.get_running_loop().create_unix_server(accept, sock=listener), path
    except OSError:
        listener.close()
        raise


async def _listen_loopback(
    folder: Path, accept: Callable[[], asyncio.Protocol], token: str
) -> tuple[asyncio.AbstractServer, Path]:
    from mcp_agent.paths import private_bytes

    listener = socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG)
    listener.setblocking(False)
    server = await asyncio.get_running_loop().create_server(accept, sock=listener)
    path = folder / f"{_name()}{LOOPBACK}"
    private_bytes(path, f"{listener.getsockname()[1]} {token}".encode())
    return server, path
