"""How things of an engine are said in few words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mcp_agent import HIDDEN, hide_logins, sounds_secret

ENDED = ("exited", "stopped", "dead")
"""States of a container that ran: Podman has one stopped until it has cleaned up behind it."""
PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"


def short_id(value: str) -> str:
    return value.removeprefix("sha256:")[:12]


def name_of(raw: Mapping[str, Any]) -> str:
    """Of a container as listed or inspected."""
    names = raw.get("Names") or [raw.get("Name") or raw["Id"][:12]]
    return str(min(names, key=len)).removeprefix("/")  # a longer one is what a link calls it


def hide_secrets(pairs: Iterable[str]) -> list[str]:
    """``NAME=value``; the value is hidden where the name sounds like a secret, and logins in addresses always are."""
    return [hide(*pair.partition("=")[::2]) for pair in pairs]


def hide(name: str, value: str) -> str:
    return f"{name}={HIDDEN if value and sounds_secret(name) else hide_logins(value)}"


def listed_ports(ports: Sequence[Mapping[str, Any]]) -> list[str]:
    """As of a listing: '127.0.0.1:8080->80/tcp', '80/tcp' for one that is not published."""
    return sorted({_port(one) for one in ports})


def _port(one: Mapping[str, Any]) -> str:
    inside = f"{one['PrivatePort']}/{one['Type']}"
    return f"{one.get('IP', '')}:{one['PublicPort']}->{inside}" if one.get("PublicPort") else inside


def bound_ports(bindings: Mapping[str, Sequence[Mapping[str, str]] | None]) -> list[str]:
    """As of HostConfig.PortBindings."""
    return sorted(
        f"{one.get('HostIp') or '0.0.0.0'}:{one.get('HostPort') or 'any'}->{inside}"
        for inside, all_of_it in bindings.items()
        for one in all_of_it or ()
    )


def megabytes(size: float) -> float:
    return round(size / 1e6, 1)
