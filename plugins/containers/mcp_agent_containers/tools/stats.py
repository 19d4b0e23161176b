"""What containers use of the machine."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, tool
from mcp_agent_containers.engines import ConnectionName, ContainerName, Engine, engine_of
from mcp_agent_containers.examples import EXAMPLES
from mcp_agent_containers.words import megabytes, name_of

_MOST = 50
_AT_ONCE = 10


class Usage(Struct, frozen=True, omit_defaults=True):
    """``cpu`` in percent of one processor; the rest in megabytes, network and disk since the container started."""

    name: str
    cpu: float
    memory: float
    memory_limit: float | None = None
    processes: int = 0
    received: float = 0
    sent: float = 0
    disk_read: float = 0
    disk_written: float = 0


class Usages(Struct, frozen=True, omit_defaults=True):
    connection: str
    containers: list[Usage] = []
    not_shown: int = 0


@tool(
    effect="read",
    timeout=120,
    examples=EXAMPLES["containers_stats"],
)  # fmt: skip
async def containers_stats(
    ctx: Context,
    container: Annotated[ContainerName | None, Field("One; left out: all that run.")] = None,
    connection: ConnectionName = None,
) -> Usages:
    """Processor, memory, network and disk of running containers, the busiest first. Takes about two seconds."""
    engine = engine_of(ctx, connection)
    gate = asyncio.Semaphore(_AT_ONCE)
    with engine.told("measure containers"):
        if container is None:
            running = [one._container for one in await engine.client.containers.list()]
            names = {one["Id"]: name_of(one) for one in running}
        else:
            names = {container: container}

        async def measure(key: str, name: str) -> Usage | None:
            async with gate:
                return await _measure(engine, key, name)

        measured = await asyncio.gather(*(measure(*one) for one in list(names.items())[:_MOST]))
    found = sorted((one for one in measured if one is not None), key=lambda one: (-one.cpu, -one.memory))
    return Usages(str(engine), found, max(0, len(names) - _MOST))


async def _measure(engine: Engine, key: str, name: str) -> Usage | None:
    """None for one that stopped meanwhile."""
    from aiodocker import DockerError

    container = engine.client.containers.container(key)
    try:
        [raw] = await container.stats(stream=False)
        if not _used(raw.get("precpu_stats")):  # Podman measures once; Docker twice, a second apart
            await asyncio.sleep(1)
            before = raw
            [raw] = await container.stats(stream=False)
            raw = {**raw, "preread": before["read"], "precpu_stats": before["cpu_stats"]}
    except DockerError as error:
        if error.status == 404 and key != name:
            return None
        raise
    return _usage(name, raw)


def _usage(name: str, raw: dict[str, Any]) -> Usage:
    memory, networks = raw.get("memory_stats") or {}, (raw.get("networks") or {}).values()
    disk = (raw.get("blkio_stats") or {}).get("io_service_bytes_recursive") or ()
    inner = memory.get("stats") or {}
    cache = inner.get("inactive_file", inner.get("total_inactive_file", 0))  # what the kernel gives back when asked
    limit = memory.get("limit")
    return Usage(
        name.removeprefix("/"), _cpu(raw), megabytes(max(0, memory.get("usage", 0) - cache)),
        megabytes(limit) if limit else None, (raw.get("pids_stats") or {}).get("current") or 0,
        megabytes(sum(one["rx_bytes"] for one in networks)), megabytes(sum(one["tx_bytes"] for one in networks)),
        megabytes(sum(one["value"] for one in disk if one["op"].lower() == "read")),
        megabytes(sum(one["value"] for one in disk if one["op"].lower() == "write")),
    )  # fmt: skip


def _cpu(raw: dict[str, Any]) -> float:
    """By the time that passed: what else engines tell to divide by, each means in its own way."""
    used = _used(raw.get("cpu_stats")) - _used(raw.get("precpu_stats"))
    passed = datetime.fromisoformat(raw["read"]) - datetime.fromisoformat(raw["preread"])
    if used <= 0 or passed <= timedelta():
        return 0.0
    return round(used / 1e9 / passed.total_seconds() * 100, 1)


def _used(cpu: dict[str, Any] | None) -> float:
    """Nanoseconds of processor time."""
    return float(((cpu or {}).get("cpu_usage") or {}).get("total_usage") or 0)
