"""What the keys of a service mean to an engine: each key with what makes its part of the body."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from typing import Any

from mcp_agent_containers import bodies

_EVERYWHERE = "0.0.0.0"
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmg]?)b?", re.I)
_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30}
_RESTARTS = re.compile(r"no|always|unless-stopped|on-failure(:\d+)?")
Part = Callable[[Any], dict[str, Any]]
"""Raises ValueError, TypeError or AttributeError for what makes no sense."""


def _words(value: Any) -> list[str]:
    return shlex.split(value) if isinstance(value, str) else [str(one) for one in value or ()]


def _pairs(value: Any) -> dict[str, str]:
    """Environment or labels: a map, or a list of NAME=value."""
    items = value.items() if isinstance(value, dict) else (_pair(str(one)) for one in value or ())
    found = {}
    for key, one in items:
        if one is None:
            raise ValueError(key)
        found[str(key)] = ("true" if one else "false") if isinstance(one, bool) else str(one)
    return found


def _pair(text: str) -> tuple[str, str]:
    if "=" not in text:  # compose would take it from the environment that it runs in
        raise ValueError(text)
    name, _, value = text.partition("=")
    return name, value


def _env(value: Any) -> dict[str, Any]:
    return {"Env": [f"{key}={one}" for key, one in sorted(_pairs(value).items())]}


def _bytes(value: Any) -> int:
    found = _SIZE.fullmatch(str(value))
    if not found:
        raise ValueError(value)
    return int(float(found[1]) * _UNITS[found[2].lower()])


def _restart(value: Any) -> dict[str, Any]:
    text = "no" if value is False else str(value)  # YAML takes a bare no for false
    if not _RESTARTS.fullmatch(text):
        raise ValueError(value)
    return {"RestartPolicy": bodies.restart_policy(text)}


def _truth(field: str) -> Part:
    def taken(value: Any) -> dict[str, Any]:
        if not isinstance(value, bool):
            raise TypeError(value)
        return {field: value}

    return taken


def _as(field: str, kind: Callable[[Any], Any]) -> Part:
    return lambda value: {field: kind(value)}


def _mode(field: str, *known: str) -> Part:
    """Never that of another container: what that one reaches is not looked at here."""

    def taken(value: Any) -> dict[str, Any]:
        if value not in known:
            raise ValueError(value)
        return {field: value}

    return taken


def _texts(value: Any) -> list[str]:
    if isinstance(value, str | dict):
        raise TypeError(value)
    return [str(one) for one in value or ()]


def _tmpfs(value: Any) -> dict[str, Any]:
    parts = [one.partition(":") for one in ([value] if isinstance(value, str) else value)]
    return {"Tmpfs": {target: options for target, _, options in parts}}


OF_BODY: Mapping[str, Part] = {
    "command": _as("Cmd", _words), "entrypoint": _as("Entrypoint", _words), "environment": _env,
    "labels": _as("Labels", _pairs), "working_dir": _as("WorkingDir", str), "user": _as("User", str),
    "hostname": _as("Hostname", str), "tty": _truth("Tty"), "stdin_open": _truth("OpenStdin"),
    "stop_signal": _as("StopSignal", str),
}  # fmt: skip
OF_HOST: Mapping[str, Part] = {
    "ports": lambda value: {"PortBindings": bodies.port_bindings(_texts(value), address=_EVERYWHERE)},
    "restart": _restart, "privileged": _truth("Privileged"), "cap_add": _as("CapAdd", _texts),
    "cap_drop": _as("CapDrop", _texts), "devices": lambda value: {"Devices": bodies.devices(_texts(value))},
    "pid": _mode("PidMode", "host"), "ipc": _mode("IpcMode", "host", "private", "shareable", "none"),
    "uts": _mode("UTSMode", "host"), "userns_mode": _mode("UsernsMode", "host"),
    "security_opt": _as("SecurityOpt", _texts), "read_only": _truth("ReadonlyRootfs"),
    "init": _truth("Init"), "mem_limit": _as("Memory", _bytes),
    "cpus": lambda value: {"NanoCpus": round(float(value) * 1e9)},
    "extra_hosts": _as("ExtraHosts", _texts), "tmpfs": _tmpfs,
}  # fmt: skip
