"""Where Docker or Podman listens on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from mcp_agent import Finding

_PIPES = ("docker_engine", "podman-machine-default")


def find_url() -> str | None:
    """The first engine that there is: what DOCKER_HOST names, then the usual sockets."""
    return next(_urls(), None)


def find() -> list[Finding]:
    """For ``mcp-agent setup``."""
    return [Finding(f"An engine at {url}", {"connections": {"local": {"url": url}}}) for url in _urls()]


def usual_sockets() -> tuple[Path, ...]:
    """Docker first, the system's before the person's own."""
    home, runtime = Path.home(), Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{_uid()}")
    return (
        Path("/run/docker.sock"),
        Path("/var/run/docker.sock"),
        runtime / "docker.sock",
        home / ".docker/run/docker.sock",
        home / ".docker/desktop/docker.sock",
        runtime / "podman/podman.sock",
        home / ".local/share/containers/podman/machine/podman.sock",
        Path("/run/podman/podman.sock"),
    )


def _urls() -> Iterator[str]:
    named = os.environ.get("DOCKER_HOST", "")
    if named.startswith(("unix://", "npipe://", "tcp://")):
        yield named
    seen = set[Path]()
    for path in usual_sockets():
        if _is_socket(path) and path.resolve() not in seen:
            seen.add(path.resolve())
            yield f"unix://{path}"
    if sys.platform == "win32":
        yield from (f"npipe:////./pipe/{name}" for name in _PIPES if Path(rf"\\.\pipe\{name}").exists())


def _is_socket(path: Path) -> bool:
    try:
        return path.is_socket()
    except OSError:  # in a folder of somebody else
        return False


def _uid() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0
