"""A service of a compose file as what is sent to an engine. What is not supported is named, never left out quietly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from mcp_agent import ToolError
from mcp_agent_containers import bodies
from mcp_agent_containers.compose.values import OF_BODY, OF_HOST
from mcp_agent_containers.words import PROJECT, SERVICE

_ELSEWHERE = frozenset({"networks", "volumes", "depends_on", "container_name", "network_mode", "image", "expose"})
SUPPORTED = OF_BODY.keys() | OF_HOST.keys() | _ELSEWHERE
"""Keys of a service."""
_TOP = frozenset({"version", "name", "services", "networks", "volumes"})
_SHARED = ("networks", "volumes")
_PROJECT = re.compile(r"[a-z0-9][a-z0-9_-]*")
_NAME = re.compile(r"[a-zA-Z0-9][\w.-]*")


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
        if not _NAME.fullmatch(found[key]):  # engines take some of the others for more than a name
            raise ToolError(f"{found[key]!r} in {kind} is no name.", hint="Letters, digits, '_', '.' and '-'.")
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
        taken = OF_BODY.get(key) or OF_HOST.get(key)
        if taken:
            try:
                part = taken(value)
            except (ValueError, TypeError, AttributeError):
                raise ToolError(f"{where}.{key} is {value!r}, which makes no sense there.") from None
            (body if key in OF_BODY else host).update(part)
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
