"""Whether a container may be so: what it reaches by itself, and behind links, volumes and other containers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from mcp_agent import ToolError
from mcp_agent_containers.engines import Engine
from mcp_agent_containers.guard import SHARED, Reach, clean, mounted, reaches, refused


def as_made(about: Mapping[str, Any]) -> dict[str, Any]:
    """HostConfig of a container that is there, with all that is mounted in it: also what it has from another one."""
    mounts = [
        {"Type": one["Type"], "Source": one.get("Name") or one["Source"], "ReadOnly": not one.get("RW", True)}
        for one in about.get("Mounts") or ()
    ]
    return {**about["HostConfig"], "Binds": [], "Mounts": mounts}


async def unallowed(engine: Engine, host: Mapping[str, Any]) -> list[Reach]:
    """What HostConfig reaches and the connection does not allow: also behind volumes and other containers, and behind
    links where the engine is on this machine."""
    here = engine.where.startswith("unix://")
    own = [engine.where.removeprefix("unix://")] if here else []
    found = [
        *reaches(host, sockets=own), *await _behind_volumes(engine, host), *await _behind_containers(engine, host)
    ]  # fmt: skip
    if here:  # where links lead is known for this machine only
        found += _behind_links(host, own)
    return refused(dict.fromkeys(found), engine.allow)


async def check(engine: Engine, host: Mapping[str, Any], *, what: str) -> None:
    """Raises ToolError when there is anything of that. ``what`` is the container."""
    wrong = await unallowed(engine, host)
    if wrong:
        rules = sorted(
            {f"{reach.setting}: [{reach.value}]" if reach.value else f"{reach.setting}: true" for reach in wrong}
        )
        raise ToolError(
            f"{what} is refused on {engine}: {'; '.join(reach.what for reach in wrong)}.",
            hint="Do without it, or let a person allow it: plugins: containers: connections: "
            f"{engine.name}: allow: {', '.join(rules)}.",
        )


def _behind_links(host: Mapping[str, Any], sockets: Iterable[str]) -> list[Reach]:
    binds = [f"{os.path.realpath(path)}:/x:{'ro' if ro else 'rw'}" for path, ro in mounted(host)]
    return reaches({"Binds": binds}, sockets=map(os.path.realpath, sockets))


async def _behind_containers(engine: Engine, host: Mapping[str, Any]) -> list[Reach]:
    """Who shares something with another container has what that one has of the host."""
    found = list[Reach]()
    left, seen = _others(host), set[tuple[str, str]]()
    while left:
        key, name = one = left.pop()
        if one in seen:
            continue
        seen.add(one)
        other = as_made(await engine.client.containers.container(name).show())
        only = {field: other.get(field) for field in ((key,) if key != "VolumesFrom" else ("VolumesFrom", "Mounts"))}
        found += [*reaches(only), *await _behind_volumes(engine, only)]
        left += _others(only)
    return found


def _others(host: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What of HostConfig is another container's, and whose."""
    modes = {key: str(host.get(key) or "") for key, _, _ in SHARED}
    shared = [(key, mode.partition(":")[2]) for key, mode in modes.items() if mode.startswith("container:")]
    return shared + [("VolumesFrom", one.partition(":")[0]) for one in host.get("VolumesFrom") or ()]


async def _behind_volumes(engine: Engine, host: Mapping[str, Any]) -> list[Reach]:
    """A volume with a name may have been made to stand for a folder of the host."""
    from aiodocker import DockerError

    names = [bind.partition(":")[0] for bind in host.get("Binds") or ()]
    names += [mount.get("Source", "") for mount in host.get("Mounts") or () if mount["Type"] == "volume"]
    volumes: Any = engine.client.volumes
    found = list[Reach]()
    for name in names:
        if not name or name.startswith("/"):
            continue
        try:
            volume = await (await volumes.get(name)).show()
        except DockerError as error:
            if error.status == 404:  # it is made with the container, empty
                continue
            raise
        device = (volume.get("Options") or {}).get("device")
        if device:
            found += reaches({"Binds": [f"{clean(device)}:/x"]})
    return found
