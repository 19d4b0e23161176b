"""What of the host a container reaches, and whether the settings allow it.

It works on HostConfig, as it is sent to an engine and as an engine gives it back, so that running, compose and exec
are held to the same. What takes questions to an engine is in checking.py.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from mcp_agent_containers.settings import Allow

_SOCKETS = (
    "/run/docker.sock", "/run/podman/podman.sock", "/run/containerd/containerd.sock", "/run/crio/crio.sock",
    "/run/docker", "/run/podman", "/run/containerd", "/run/user",
)  # fmt: skip
SHARED = (
    ("NetworkMode", "host_network", "network"),
    ("PidMode", "host_pid", "processes"),
    ("IpcMode", "host_ipc", "shared memory"),
    ("UTSMode", "privileged", "name"),
    ("UsernsMode", "privileged", "users"),
)
"""What a container may share with the host: the field, the setting that decides, and what it is called."""
_THROUGH = ("ns:", "slirp4netns:", "pasta:")
"""Podman joins whatever is at a path, and takes options that let a container through to the host."""
_HARMLESS_OPTIONS = ("no-new-privileges", "no-new-privileges:true", "no-new-privileges=true")


class Reach(Struct, frozen=True):
    """``what`` in words; ``setting`` is the field of Allow that decides, ``value`` what must be in it."""

    what: str
    setting: str
    value: str = ""
    read_only: bool = False


def reaches(host: Mapping[str, Any], *, sockets: Iterable[str] = ()) -> list[Reach]:
    """All that HostConfig takes of the host. ``sockets`` are further paths of engines there."""
    return list(_reaches(host, (*_SOCKETS, *sockets)))


def _reaches(host: Mapping[str, Any], sockets: Iterable[str]) -> Iterator[Reach]:
    if host.get("Privileged"):
        yield Reach("it is privileged", "privileged")
    for key, setting, what in SHARED:
        mode = str(host.get(key) or "")
        if mode == "host" or mode.startswith(_THROUGH):
            yield Reach(f"it has the {what} of the host", setting)
    for capability in host.get("CapAdd") or ():
        name = capability.upper().removeprefix("CAP_")
        yield Reach(f"it has the capability {name}", "capabilities", name)
    for device in host.get("Devices") or ():
        yield Reach(f"it has the device {device['PathOnHost']}", "devices", clean(device["PathOnHost"]))
    for rule in host.get("DeviceCgroupRules") or ():
        yield Reach(f"it has the rule for devices {rule!r}", "privileged")
    for option in host.get("SecurityOpt") or ():
        if option not in _HARMLESS_OPTIONS:
            yield Reach(f"it has the security option {option!r}", "privileged")
    for source, read_only in mounted(host):
        path = clean(source)
        yield Reach(f"it has {path} of the host{' to read' if read_only else ''}", "mounts", path, read_only)
        if any(_inside(one, path) or _inside(path, one) for one in map(clean, sockets)):
            yield Reach(f"it has the socket of an engine, in {path}", "engine_socket")


def mounted(host: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    for bind in host.get("Binds") or ():
        source, _, rest = bind.partition(":")
        if source.startswith("/"):
            yield source, "ro" in rest.partition(":")[2].split(",")
    for mount in host.get("Mounts") or ():
        if mount["Type"] not in ("volume", "tmpfs"):
            yield mount["Source"], bool(mount.get("ReadOnly"))
        options = ((mount.get("VolumeOptions") or {}).get("DriverConfig") or {}).get("Options") or {}
        if options.get("device"):
            yield options["device"], bool(mount.get("ReadOnly"))


def clean(path: str) -> str:
    """One way to write a path. /var/run is /run on every Linux of today."""
    path = "/" + posixpath.normpath(path).lstrip("/")
    return "/run" + path[8:] if path == "/var/run" or path.startswith("/var/run/") else path


def _inside(path: str, folder: str) -> bool:
    return folder == "/" or path == folder or path.startswith(folder + "/")


def refused(found: Iterable[Reach], allow: Allow) -> list[Reach]:
    """Those that no rule of the settings allows."""
    return [reach for reach in found if not _allowed(reach, allow)]


def _allowed(reach: Reach, allow: Allow) -> bool:
    rule = getattr(allow, reach.setting)
    if isinstance(rule, bool):
        return rule
    if reach.setting == "capabilities":
        return reach.value in (one.upper().removeprefix("CAP_") for one in rule)
    if reach.setting == "devices":
        return reach.value in map(clean, rule)
    return any(_covers(one, reach) for one in rule)


def _covers(rule: str, reach: Reach) -> bool:
    folder, read_only = rule.removesuffix(":ro"), rule.endswith(":ro")
    return _inside(reach.value, clean(folder)) and (reach.read_only or not read_only)
