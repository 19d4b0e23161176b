"""A real Home Assistant Core with its demo home: installed from PyPI into an environment of its own, on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import aiohttp

from tests.real.installing import Unavailable, or_skip
from tests.real.python_env import build_env

_PINS = Path(__file__).with_suffix(".txt")
_PYTHONS = ((3, 11), (3, 12))
"""What Home Assistant 2024.3 runs on."""
_READY_SECONDS = 120.0
_STOP_SECONDS = 20.0

_CONFIGURATION = """
homeassistant:
  name: Test Home
  latitude: 52.37
  longitude: 4.9
  elevation: 0
  unit_system: metric
  time_zone: UTC
http:
  server_host: 127.0.0.1
  server_port: {port}
api:
websocket_api:
onboarding:
recorder:
  commit_interval: 1
  auto_purge: false
history:
config:
automation: !include automations.yaml
scene: !include scenes.yaml
script:
  chime:
    sequence: []
input_boolean:
  guest_mode:
    name: Guest mode
group:
  all_doors:
    entities: [lock.front_door, cover.garage_door]
demo:
"""

AREAS: Mapping[str, Sequence[str]] = {
    "Living Room": ("light.living_room_rgbww_lights", "cover.living_room_window", "fan.living_room_fan"),
    "Kitchen": ("light.kitchen_lights", "cover.kitchen_window"),
    "Entrance": ("light.entrance_color_white_lights", "binary_sensor.movement_backyard"),
    "Garage": ("cover.garage_door", "cover.pergola_roof"),
    "Bedroom": ("light.bed_light", "light.ceiling_lights", "climate.hvac"),
    "Office": ("light.office_rgbw_lights", "climate.ecobee", "switch.ac"),
}
"""The areas that are made in the demo home, and what is in each. Its locks cannot be in one. This version has
floors and labels, but no way yet to give them to areas and entities."""
ALIAS = ("light.entrance_color_white_lights", "Welcome lamp")


class HomeAssistant:
    """A server with a folder of its own; a context manager. It may be stopped and started again."""

    def __init__(self, python: Path, folder: Path) -> None:
        self.url = ""
        self.token = ""
        self._python = python
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> HomeAssistant:
        self._folder.mkdir(parents=True, exist_ok=True)
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        (self._folder / "configuration.yaml").write_text(_CONFIGURATION.format(port=port))
        for name in ("automations.yaml", "scenes.yaml"):
            (self._folder / name).write_text("[]\n")
        try:
            self.start()
            asyncio.run(self._furnish())
            self.stop()  # only now is all of it on disk: a test may kill it
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Returns when it is running, and the first time knows its owner."""
        words = [str(self._python), "-m", "homeassistant", "-c", str(self._folder), "--skip-pip"]
        with (self._folder / "output.log").open("ab") as log:
            self._process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        asyncio.run(self._ready())

    def stop(self, *, kill: bool = False) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    async def websocket(self, session: aiohttp.ClientSession, token: str) -> aiohttp.ClientWebSocketResponse:
        opened = await session.ws_connect(f"{self.url}/api/websocket", max_msg_size=2**26)
        await opened.receive_json()
        await opened.send_json({"type": "auth", "access_token": token})
        assert (await opened.receive_json())["type"] == "auth_ok"
        return opened

    async def commands(self, *commands: Mapping[str, Any]) -> list[Any]:
        """Results of WebSocket commands, on a connection of their own."""
        async with aiohttp.ClientSession() as session:
            opened = await self.websocket(session, self.token)
            found = [await _command(opened, number, one) for number, one in enumerate(commands, 1)]
            await opened.close()
            return found

    async def _ready(self) -> None:
        until = time.monotonic() + _READY_SECONDS
        async with aiohttp.ClientSession() as session:
            while not self.token:
                steps = await self._get(session, "/api/onboarding", until)
                if steps is not None:
                    self.token = await self._owner(session)
            while (await self._get(session, "/api/config", until) or {}).get("state") != "RUNNING":
                continue

    async def _get(self, session: aiohttp.ClientSession, path: str, until: float) -> Any:
        """What it answers, None as long as there is no answer."""
        if self._process is None or self._process.poll() is not None or time.monotonic() > until:
            raise AssertionError(f"Home Assistant did not start: {(self._folder / 'output.log').read_text()[-2000:]}")
        await asyncio.sleep(0.1)
        with contextlib.suppress(aiohttp.ClientError):
            async with session.get(self.url + path, headers={"Authorization": f"Bearer {self.token}"}) as response:
                if response.status == 200:
                    return await response.json()
        return None

    async def _owner(self, session: aiohttp.ClientSession) -> str:
        """Makes the first user and gives a long-lived token. The later steps of onboarding want the internet."""
        client = f"{self.url}/"
        person = {"name": "Tester", "username": "tester", "password": "tester-pw", "language": "en"}
        async with session.post(f"{self.url}/api/onboarding/users", json={"client_id": client, **person}) as response:
            code = (await response.json())["auth_code"]
        form = {"grant_type": "authorization_code", "code": code, "client_id": client}
        async with session.post(f"{self.url}/auth/token", data=form) as response:
            access = (await response.json())["access_token"]
        opened = await self.websocket(session, access)
        wish = {"type": "auth/long_lived_access_token", "client_name": "tests", "lifespan": 365}
        token: str = await _command(opened, 1, wish)
        await opened.close()
        return token

    async def _furnish(self) -> None:
        """Areas, an alias and a shopping list: what the demo integration leaves out."""
        [there] = await self.commands({"type": "config/area_registry/list"})  # onboarding makes some
        missing = [name for name in AREAS if name not in {area["name"] for area in there}]
        there += await self.commands(*({"type": "config/area_registry/create", "name": name} for name in missing))
        ids = {area["name"]: area["area_id"] for area in there}
        change = "config/entity_registry/update"
        await self.commands(
            *({"type": change, "entity_id": entity_id, "area_id": ids[name]}
              for name, entity_ids in AREAS.items() for entity_id in entity_ids),
            {"type": change, "entity_id": ALIAS[0], "aliases": [ALIAS[1]]},
        )  # fmt: skip
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {self.token}"}) as session:
            flow = f"{self.url}/api/config/config_entries/flow"
            async with session.post(flow, json={"handler": "shopping_list"}) as response:
                step = await response.json()
            async with session.post(f"{flow}/{step['flow_id']}", json={}) as response:
                assert (await response.json())["type"] == "create_entry"


async def _command(opened: aiohttp.ClientWebSocketResponse, number: int, command: Mapping[str, Any]) -> Any:
    await opened.send_json({"id": number, **command})
    answer = await opened.receive_json()
    assert answer["success"], f"{json.dumps(dict(command))}: {answer}"
    return answer["result"]


def home_assistant(folder: Path) -> HomeAssistant:
    """Not started yet. Where it is not to be had the test is skipped, which is a failure in CI."""
    return or_skip(lambda: HomeAssistant(_installed(), folder))


def _installed() -> Path:
    if sys.version_info[:2] not in _PYTHONS:
        raise Unavailable("Home Assistant 2024.3.3 runs on Python 3.11 and 3.12 only.")
    return build_env(*_PINS.read_text().split())


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
