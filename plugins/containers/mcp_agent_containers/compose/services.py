"""A service of a compose file as what is sent to an engine. What is not supported is named, never left out quietly."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from mcp_agent import ToolError
from mcp_agent_containers import bodies
from mcp_agent_containers.words import PROJECT, SERVICE

_EVERYWHERE = "0.0.0.0"
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmg]?)b?", re.I)
_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30}
_ELSEWHERE = frozenset({"networks", "volumes", "depends_on", "container_name", "network_mode", "image", "expose"})
_TOP = frozenset({"version", "name", "services", "networks", "volumes"})
_SHARED = ("networks", "volumes")
_PROJECT = re.compile(r"[a-z0-9][a-z0-9_-]*")
_RESTARTS = re.compile(r"no|always|unless-stopped|on-failure(:\d+)?")


class Wanted(Struct, frozen=True):
    """A container as the file wants it. ``networks`` are those it joins besides the first."""

    service: str
    container: str
    body: dict[str, Any]
    networks: list[str]
    after: list[str]


class Project(Struct, frozen=True):
    """``networks`` and ``volumes`` are made where they are not there; ``unsupported`` keeps it from being done."""

    name: str
    services: dict[str, Wanted]
    networks: list[str]
    volumes: list[str]
    unsupported: list[str]


def project_of(raw: Mapping[str, Any], name: str) -> Project:
    """Raises ToolError for values that make no sense."""
    name = str(raw.get("name") or name)
    if not _PROJECT.fullmatch(name):
        raise ToolError(f"{name!r} is no name for a project.", hint="Small letters, digits, - and _; give project=.")
    odd = [f"{key} (at the top)" for key in raw if key not in _TOP and not key.startswith("x-")]
    volumes, networks = _shared(raw, "volumes", name, odd), _shared(raw, "networks", name, odd)
    theirs = {
        kind: {key for key, one in (raw.get(kind) or {}).items() if (one or {}).get("external")} for kind in _SHARED
    }
    networks.setdefault("default", f"{name}_default")
    wanted = {key: _wanted(name, key, one or {}, networks, volumes, odd) for key, one in raw["services"].items()}
    used = {one for each in wanted.values() for one in (each.body["HostConfig"]["NetworkMode"], *each.networks)}
    return Project(
        name, wanted,
        sorted(real for key, real in networks.items() if real in used and key not in theirs["networks"]),
        sorted(real for key, real in volumes.items() if key not in theirs["volumes"]), odd,
    )  # fmt: skip


def _shared(raw: Mapping[str, Any], kind: str, project: str, odd: list[str]) -> dict[str, str]:
    """Networks or volumes: the engine's name for each."""
    found = {}
    for key, one in (raw.get(kind) or {}).items():
        one = one or {}
        odd += [f"{kind}.{key}.{option}" for option in one if option not in ("name", "external", "driver")]
        if one.get("driver") not in (None, "bridge" if kind == "networks" else "local"):
            odd.append(f"{kind}.{key}.driver: {one['driver']}")
        found[key] = str(one.get("name") or (key if one.get("external") else f"{project}_{key}"))
    return found


def _wanted(
    project: str,
    service: str,
    raw: Mapping[str, Any],
    networks: Mapping[str, str],
    volumes: Mapping[str, str],
    odd: list[str],
) -> Wanted:
    where = f"services.{service}"
    if not raw.get("image"):
        raise ToolError(f"{where} has no image.", hint="Nothing is built: build it first, and name the image.")
    body: dict[str, Any] = {"Image": str(raw["image"])}
    host: dict[str, Any] = {}
    for key, value in raw.items():
        taken = _BODY.get(key) or _HOST.get(key)
        if taken:
            try:
                part = taken(value)
            except (ValueError, TypeError, AttributeError):
                raise ToolError(f"{where}.{key} is {value!r}, which makes no sense there.") from None
            (body if key in _BODY else host).update(part)
        elif key not in _ELSEWHERE and not key.startswith("x-"):
            odd.append(f"{where}.{key}")
    if host.get("PortBindings"):
        body["ExposedPorts"] = {port: {} for port in host["PortBindings"]}
    host["Binds"], tmpfs = _volumes(where, raw.get("volumes") or (), volumes, odd)
    host["Tmpfs"] = {**host.get("Tmpfs", {}), **tmpfs}
    joined = _joined(where, raw, networks, odd)
    host["NetworkMode"] = joined[0]
    body["Labels"] = {**body.get("Labels", {}), PROJECT: project, SERVICE: service}
    if raw.get("network_mode") is None:
        body["NetworkingConfig"] = {"EndpointsConfig": {joined[0]: {"Aliases": [service]}}}
    after = list(raw.get("depends_on") or ())
    if isinstance(raw.get("depends_on"), dict):
        odd += [
            f"{where}.depends_on.{key}: {one['condition']}"
            for key, one in raw["depends_on"].items()
            if one.get("condition", "service_started") != "service_started"
        ]
    body["HostConfig"] = bodies.without_nothing(host)
    container = str(raw.get("container_name") or f"{project}-{service}-1")
    return Wanted(service, container, bodies.without_nothing(body), joined[1:], after)


def _joined(where: str, raw: Mapping[str, Any], networks: Mapping[str, str], odd: list[str]) -> list[str]:
    mode = raw.get("network_mode")
    if mode is not None:
        if mode not in ("none", "host", "bridge"):
            odd.append(f"{where}.network_mode: {mode}")
        return [str(mode)]
    named = raw.get("networks") or ["default"]
    if isinstance(named, dict):
        odd += [f"{where}.networks.{key}.{option}" for key, one in named.items() for option in one or ()]
    missing = [key for key in named if key not in networks]
    if missing:
        raise ToolError(f"{where} joins the network {missing[0]}, which the file does not have.")
    return [networks[key] for key in named]


def _volumes(where: str, raw: Any, volumes: Mapping[str, str], odd: list[str]) -> tuple[list[str], dict[str, str]]:
    found, tmpfs = list[str](), dict[str, str]()
    for one in raw:
        if isinstance(one, str):
            parts = one.split(":")
            one = (
                dict(zip(("source", "target", "mode"), parts, strict=False))
                if len(parts) in (2, 3)
                else {"source": one}
            )
        else:
            odd += [f"{where}.volumes.{key}" for key in one if key not in ("type", "source", "target", "read_only")]
            one = {**one, "mode": "ro" if one.get("read_only") else "rw"}
        source, target = str(one.get("source", "")), str(one.get("target", ""))
        if one.get("type") == "tmpfs":
            tmpfs[target] = ""
        elif one.get("type") not in (None, "bind", "volume") or not target or source.startswith((".", "~")):
            odd.append(f"{where}.volumes: {source or one} (give a volume by name, or a folder from / on)")
        elif source.startswith("/"):
            found.append(bodies.bind(source, target, one.get("mode", "")))
        elif source not in volumes:
            raise ToolError(
                f"{where} uses the volume {source}, which the file does not have.", hint="Name it under volumes:."
            )
        else:
            found.append(bodies.bind(volumes[source], target, one.get("mode", "")))
    return found, tmpfs


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


def _truth(field: str) -> Callable[[Any], dict[str, Any]]:
    def taken(value: Any) -> dict[str, Any]:
        if not isinstance(value, bool):
            raise TypeError(value)
        return {field: value}

    return taken


def _as(field: str, kind: Callable[[Any], Any]) -> Callable[[Any], dict[str, Any]]:
    return lambda value: {field: kind(value)}


def _mode(field: str, *known: str) -> Callable[[Any], dict[str, Any]]:
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


_BODY: dict[str, Callable[[Any], dict[str, Any]]] = {
    "command": _as("Cmd", _words), "entrypoint": _as("Entrypoint", _words), "environment": _env,
    "labels": _as("Labels", _pairs), "working_dir": _as("WorkingDir", str), "user": _as("User", str),
    "hostname": _as("Hostname", str), "tty": _truth("Tty"), "stdin_open": _truth("OpenStdin"),
    "stop_signal": _as("StopSignal", str),
}  # fmt: skip
_HOST: dict[str, Callable[[Any], dict[str, Any]]] = {
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
