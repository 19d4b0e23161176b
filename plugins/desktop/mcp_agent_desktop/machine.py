"""Tools that look at this machine: processes, processor, memory, disks."""

from __future__ import annotations

import os
import platform
import time
from datetime import UTC, datetime
from typing import Annotated, Literal

from msgspec import Struct

from mcp_agent import Context, Field, tool
from mcp_agent_desktop.examples import EXAMPLES

_SAMPLE_SECONDS = 0.2
_MB = 2**20
_GB = 2**30


class Process(Struct, frozen=True, omit_defaults=True):
    """``cpu`` in percent of one core, over a fifth of a second; ``memory`` in MB."""

    pid: int
    name: str
    cpu: float
    memory: float
    user: str | None = None
    started: datetime | None = None


class Processes(Struct, frozen=True):
    """``total`` is how many fit, of which those shown are the first."""

    total: int
    processes: list[Process]


class Disk(Struct, frozen=True):
    """Of the disk that a configured folder is on, in GB."""

    path: str
    total: float
    free: float


class SystemInfo(Struct, frozen=True, omit_defaults=True):
    """Memory in GB; ``cpu`` in percent of all cores; ``load`` of the last minute; ``battery`` in percent."""

    system: str
    machine: str
    started: datetime
    cores: int
    cpu: float
    memory: float
    memory_free: float
    disks: list[Disk]
    load: float | None = None
    battery: float | None = None
    plugged_in: bool | None = None


@tool(effect="read", examples=EXAMPLES["desktop_processes"])
def desktop_processes(
    name: Annotated[str, Field("Part of the name; empty for all.")] = "",
    sort: Annotated[Literal["cpu", "memory"], Field("What comes first.")] = "cpu",
    limit: Annotated[int, Field("How many at most.", ge=1, le=100)] = 15,
) -> Processes:
    """What runs on this machine, the busiest first. Command lines are not shown: they may hold secrets."""
    import psutil

    running = [one for one in psutil.process_iter(["name"]) if name.lower() in (one.info["name"] or "").lower()]
    for one in running:
        _cpu(one)
    time.sleep(_SAMPLE_SECONDS)
    found = [process for one in running if (process := _process(one)) is not None]
    found.sort(key=lambda process: (-getattr(process, sort), process.pid))
    return Processes(len(found), found[:limit])


@tool(effect="read", examples=EXAMPLES["desktop_system_info"])
def desktop_system_info(ctx: Context) -> SystemInfo:
    """This machine: system, processor, memory, the disks of the configured folders, battery."""
    import psutil

    memory = psutil.virtual_memory()
    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    return SystemInfo(
        system=f"{platform.system()} {platform.release()}",
        machine=platform.machine(),
        started=datetime.fromtimestamp(int(psutil.boot_time()), UTC),
        cores=psutil.cpu_count() or 1,
        cpu=psutil.cpu_percent(_SAMPLE_SECONDS),
        memory=round(memory.total / _GB, 1),
        memory_free=round(memory.available / _GB, 1),
        disks=_disks(ctx),
        load=round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        battery=None if battery is None else round(battery.percent),
        plugged_in=None if battery is None else battery.power_plugged,
    )


def _disks(ctx: Context) -> list[Disk]:
    import shutil

    disks: dict[int, Disk] = {}
    for folder in ctx.folders.configured:
        if ctx.folders.find(folder.path) is not None:
            real = ctx.folders.real_path(folder.path)
            usage = shutil.disk_usage(real)
            disks.setdefault(
                real.stat().st_dev, Disk(folder.path, round(usage.total / _GB, 1), round(usage.free / _GB, 1))
            )
    return list(disks.values())


def _cpu(process: object) -> float:
    import psutil

    try:
        return float(process.cpu_percent())  # type: ignore[attr-defined]
    except psutil.Error:
        return 0.0


def _process(one: object) -> Process | None:
    """None for one that has ended, or that nobody may look at."""
    import psutil

    assert isinstance(one, psutil.Process)
    try:
        with one.oneshot():
            return Process(
                pid=one.pid,
                name=one.name(),
                cpu=round(one.cpu_percent(), 1),
                memory=round(one.memory_info().rss / _MB, 1),
                user=one.username(),
                started=datetime.fromtimestamp(int(one.create_time()), UTC),
            )
    except (psutil.Error, KeyError):  # KeyError: a user without a name
        return None
