"""What is sent to an engine to make a container, from ports, volumes and the like as people write them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Any

from mcp_agent import ToolError

_PORT = re.compile(
    r"(?:(?P<ip>\[[0-9a-fA-F:]+\]|\d+(?:\.\d+){3}):)?(?:(?P<outside>\d{0,5}):)?(?P<inside>\d{1,5})(?:/(?P<kind>tcp|udp))?"
)
_VOLUME_NAME = re.compile(r"[a-zA-Z0-9][\w.-]*")
_MODES = ("", "ro", "rw")
_HIGHEST_PORT = 65535


def port_bindings(ports: Iterable[str], *, address: str) -> dict[str, list[dict[str, str]]]:
    """'8080:80', '127.0.0.1:8080:80/udp', '80'. Without an address it is ``address``. Raises ToolError."""
    bindings: dict[str, list[dict[str, str]]] = {}
    for port in ports:
        found = _PORT.fullmatch(port)
        if not found or any(int(found[key] or 1) not in range(1, _HIGHEST_PORT + 1) for key in ("outside", "inside")):
            raise ToolError(f"{port!r} is no port.", hint="Say '8080:80', or '0.0.0.0:8080:80/tcp'; no ranges.")
        inside = f"{found['inside']}/{found['kind'] or 'tcp'}"
        bindings.setdefault(inside, []).append(
            {"HostIp": (found["ip"] or address).strip("[]"), "HostPort": found["outside"] or ""}
        )
    return bindings


def binds(volumes: Iterable[str]) -> list[str]:
    """'name:/data', '/srv/data:/data:ro'. Raises ToolError."""
    return [bind(*_parts(volume)) for volume in volumes]


def bind(source: str, target: str, mode: str = "") -> str:
    """Raises ToolError for what an engine would take for something else."""
    folder = source.startswith("/") and ":" not in source
    if not (folder or _VOLUME_NAME.fullmatch(source)) or not target.startswith("/") or mode not in _MODES:
        raise ToolError(
            f"{source}:{target}{mode and ':'}{mode} is no volume.",
            hint="Say 'name:/data' for a volume, '/srv/data:/data:ro' for a folder of the host.",
        )
    return f"{posixpath.normpath(source) if folder else source}:{posixpath.normpath(target)}:{mode or 'rw'}"


def _parts(volume: str) -> tuple[str, str, str]:
    parts = volume.split(":")
    if len(parts) not in (2, 3):
        raise ToolError(f"{volume!r} is no volume.", hint="Say 'name:/data', or '/srv/data:/data:ro'.")
    return parts[0], parts[1], (parts[2] if len(parts) == 3 else "")


def devices(paths: Iterable[str]) -> list[dict[str, str]]:
    """'/dev/snd', or '/dev/sda:/dev/xvda:r'."""
    found = []
    for path in paths:
        outside, _, rest = path.partition(":")
        inside, _, rights = rest.partition(":")
        found.append(
            {"PathOnHost": outside, "PathInContainer": inside or outside, "CgroupPermissions": rights or "rwm"}
        )
    return found


def restart_policy(text: str) -> dict[str, Any]:
    """'always', 'on-failure:3'."""
    name, _, count = text.partition(":")
    return {"Name": "" if name == "no" else name, "MaximumRetryCount": int(count or 0)}


def without_nothing(body: Mapping[str, Any]) -> dict[str, Any]:
    """Without what was not said."""
    return {key: value for key, value in body.items() if value not in (None, "", [], {}, False)}
