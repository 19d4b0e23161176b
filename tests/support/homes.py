"""Smart homes for tests: what they need to know of one, and how to open it."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from mcp_agent import Host
from mcp_agent.testing import host_for
from mcp_agent.vault.secret import Secret

MODULE = "mcp_agent_smart_home"


@dataclasses.dataclass(frozen=True)
class Names:
    """What is called how."""

    light: str
    area: str
    area_light: str
    lock: str
    garage: str
    garage_area: str
    climate: str
    todo: str
    camera: str
    sensor: str


SIMULATED = Names(
    "light.hallway", "Living Room", "light.living_room_ceiling", "lock.front_door", "cover.garage_door", "Garage",
    "climate.living_room", "todo.shopping", "camera.front_door", "sensor.outside_temperature",
)  # fmt: skip
DEMO = Names(
    "light.bed_light", "Kitchen", "light.kitchen_lights", "lock.front_door", "cover.garage_door", "Garage",
    "climate.hvac", "todo.shopping_list", "camera.demo_camera", "sensor.outside_temperature",
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Home:
    """``host()`` opens a host that has this home, as often as a test likes."""

    names: Names
    host: Callable[[], AbstractAsyncContextManager[Host]]


@asynccontextmanager
async def connected(url: str, token: str, folder: Path | None = None) -> AsyncIterator[Host]:
    """A host that is told of a Home Assistant as a person would: the URL in its settings, the token in its vault."""
    async with host_for(MODULE, {"url": url}, folder=folder) as host:
        await host.vault.set("smart_home", "token", Secret(token))
        yield host
