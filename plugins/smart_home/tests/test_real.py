"""What only a real Home Assistant can show: restarts, many calls at once, each kind of thing put back, figures."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import json
import os
import subprocess
import sys
import time
from typing import Any

import pytest

from mcp_agent import Host, ToolError
from mcp_agent.transports.memory import MemoryConnection
from tests.real.home_assistant import ALIAS, AREAS, HomeAssistant
from tests.real.node import node, npm_packages
from tests.support.homes import connected
from tests.support.schema import LEGACY
from tests.support.wire import Client

pytestmark = pytest.mark.real

_TOKENIZER = "gpt-tokenizer@3.0.1"
_COUNT = (
    "const {encode} = require('gpt-tokenizer/encoding/o200k_base');"
    "let s = ''; process.stdin.on('data', d => s += d).on('end', () => console.log(encode(s).length));"
)


async def ask(host: Host, tool: str, **arguments: Any) -> Any:
    found = (await host.call(tool, arguments)).data
    return found["result"] if isinstance(found, dict) and set(found) == {"result"} else found


def tokens(text: str) -> int:
    """As a common tokenizer of models counts them."""
    modules = npm_packages(_TOKENIZER)
    done = subprocess.run(
        [str(node()), "-e", _COUNT],
        input=text,
        capture_output=True,
        text=True,
        cwd=modules.parent,
        check=True,
        timeout=60,
    )
    return int(done.stdout)


def test_the_demo_home_at_a_glance(server: HomeAssistant) -> None:
    async def work() -> tuple[dict[str, Any], list[float]]:
        async with connected(server.url, server.token) as host:
            await host.call("home_overview")
            taken = []
            for _ in range(50):
                began = time.perf_counter()
                result = await host.call("home_overview")
                taken.append(time.perf_counter() - began)
            return result.data, taken

    seen, taken = asyncio.run(work())
    text = json.dumps(seen, ensure_ascii=False, separators=(",", ":"))
    count = tokens(text)
    p50 = sorted(taken)[len(taken) // 2] * 1000
    sys.stderr.write(
        f"overview of {seen['things']} things: {count} tokens, p50 {p50:.2f} ms, worst {max(taken) * 1000:.2f}\n"
    )
    assert seen["things"] >= 101
    assert count < 1500
    assert p50 < 100
    assert {area["name"] for area in seen["areas"]} == set(AREAS)
    batteries = " ".join(seen["low_batteries"])
    assert "Outside Temperature: 12 %" in batteries
    assert "Carbon dioxide: 14 %" in batteries
    assert any("Kitchen Door: unlocked" in one for one in seen["unlocked_or_open"])


def test_an_alias_of_the_registry_is_found(server: HomeAssistant) -> None:
    async def work() -> None:
        async with connected(server.url, server.token) as host:
            found = await ask(host, "home_search_entities", query=ALIAS[1])
            assert found["things"][0]["entity_id"] == ALIAS[0]

    asyncio.run(work())


PUT_BACK: list[tuple[str, str, dict[str, Any]]] = [
    ("light.turn_on", "light.bed_light", {"brightness_pct": 33}),
    ("light.turn_on", "light.office_rgbw_lights", {"rgbw_color": [1, 2, 3, 4]}),
    ("light.turn_off", "light.living_room_rgbww_lights", {}),
    ("light.turn_on", "light.entrance_color_white_lights", {"white": 100}),
    ("light.turn_on", "light.ceiling_lights", {"color_temp_kelvin": 3000}),
    ("light.turn_on", "light.kitchen_lights", {"hs_color": [10, 20]}),
    ("cover.open_cover", "cover.kitchen_window", {}),
    ("cover.set_cover_position", "cover.hall_window", {"position": 40}),
    ("climate.set_temperature", "climate.heatpump", {"temperature": 23}),
    ("climate.set_hvac_mode", "climate.ecobee", {"hvac_mode": "heat"}),
    ("climate.set_fan_mode", "climate.hvac", {"fan_mode": "off"}),
    ("climate.turn_off", "climate.hvac", {}),
    ("media_player.volume_set", "media_player.living_room", {"volume_level": 0.2}),
    ("media_player.media_pause", "media_player.bedroom", {}),
    ("media_player.turn_off", "media_player.lounge_room", {}),
    ("fan.turn_on", "fan.living_room_fan", {"percentage": 50}),
    ("fan.set_direction", "fan.living_room_fan", {"direction": "reverse"}),
    ("fan.set_preset_mode", "fan.preset_only_limited_fan", {"preset_mode": "auto"}),
    ("humidifier.set_humidity", "humidifier.humidifier", {"humidity": 50}),
    ("humidifier.turn_off", "humidifier.hygrostat", {}),
    ("number.set_value", "number.volume", {"value": 10}),
    ("select.select_option", "select.speed", {"option": "light_speed"}),
    ("text.set_value", "text.text", {"value": "x"}),
    ("date.set_value", "date.date", {"date": "2021-01-01"}),
    ("time.set_value", "time.time", {"time": "10:00:00"}),
    ("datetime.set_value", "datetime.date_and_time", {"datetime": "2021-01-01 10:00:00"}),
    ("siren.turn_off", "siren.siren", {}),
    ("switch.turn_on", "switch.ac", {}),
    ("input_boolean.toggle", "input_boolean.guest_mode", {}),
    ("vacuum.start", "vacuum.0_ground_floor", {}),
    ("water_heater.set_temperature", "water_heater.demo_water_heater_celsius", {"temperature": 50}),
    ("water_heater.set_away_mode", "water_heater.demo_water_heater", {"away_mode": True}),
    ("homeassistant.turn_off", "light.ceiling_lights", {}),
]


def test_every_kind_of_thing_is_put_back(server: HomeAssistant) -> None:
    async def work() -> None:
        async with connected(server.url, server.token) as host:
            for service, thing, data in PUT_BACK:
                [before] = await ask(host, "home_get_state", entity_ids=[thing])
                called = {"service": service, "entity_ids": [thing], "data": data}
                [change] = (await ask(host, "home_call_service", **called))["changes"]
                assert change["before"] != change["after"], f"{service} changed nothing"
                undone = await host.undo()
                assert undone.stopped is None, f"{service}: {undone.stopped}"
                [after] = await ask(host, "home_get_state", entity_ids=[thing])
                on_its_way = {"returning": "docked"}
                assert on_its_way.get(after["state"], after["state"]) == before["state"], service

    asyncio.run(work())


def test_nothing_is_lost_among_a_hundred_calls_with_events_coming_in(server: HomeAssistant) -> None:
    """Reads and writes at once, while a client watches an area and another client of the server switches its light."""

    async def work() -> None:
        [area_uri, light] = ["home://areas/office", "light.office_rgbw_lights"]
        async with connected(server.url, server.token) as host:
            await host.call("home_overview")
            mirror = host._supervisor.scopes["smart_home"].state
            seen: list[str] = []
            mirror.watch(lambda before, now: seen.append(f"{now.entity_id}={now.state}") if now else None)
            client = await Client(MemoryConnection(host.server), LEGACY[-1]).open()
            await client.call("resources/subscribe", {"uri": area_uri})
            calls = [call for number in range(10) for call in mixed_calls(number)]
            other = asyncio.create_task(_switch_about(server, light, 20))
            outcomes = await host.batch(calls, at_once=16)
            await other
            failed = [str(outcome) for outcome in outcomes if isinstance(outcome, Exception)]
            assert failed == []
            rendered = [outcome.text for (tool, _), outcome in zip(calls, outcomes, strict=True)
                        if tool == "home_render_template" and not isinstance(outcome, Exception)]  # fmt: skip
            assert rendered == [str(number * 7) for number in range(10)]
            events = collections.Counter(seen)
            await client.note("notifications/resources/updated", lambda params: params["uri"] == area_uri)
            assert events[f"{light}=on"] == events[f"{light}=off"] == 20
            assert sum(count for what, count in events.items() if what.startswith("number.large_range=")) == 10
            assert sum(count for what, count in events.items() if what.startswith("input_boolean.guest_mode=")) == 10

    asyncio.run(work())


def mixed_calls(number: int) -> list[tuple[str, dict[str, Any]]]:
    """Ten of different kinds."""
    value = {"service": "number.set_value", "entity_ids": ["number.large_range"], "data": {"value": 100 + number}}
    toggle = {"service": "input_boolean.toggle", "entity_ids": ["input_boolean.guest_mode"]}
    return [
        ("home_overview", {}),
        ("home_get_state", {"entity_ids": ["lock.front_door", "sensor.outside_temperature"]}),
        ("home_search_entities", {"query": "kitchen"}),
        ("home_call_service", {**value, "wait_seconds": 0}),
        ("home_call_service", {**toggle, "wait_seconds": 0}),
        ("home_render_template", {"template": f"{{{{ {number} * 7 }}}}"}),
        ("home_get_history", {"entity_ids": ["sensor.outside_temperature"], "points": 2}),
        ("home_list_services", {"domain": "light"}),
        ("home_calendar", {}),
        ("home_camera_snapshot", {"camera": "camera.demo_camera"}),
    ]


async def _switch_about(server: HomeAssistant, light: str, times: int) -> None:
    calls = []
    for _ in range(times):
        for service in ("turn_off", "turn_on"):
            calls.append(
                {"type": "call_service", "domain": "light", "service": service, "target": {"entity_id": light}}
            )
    await server.commands(*calls)


@pytest.mark.parametrize("kill", [True, False] if os.environ.get("MCP_AGENT_FULL") else [True])
def test_a_restart_in_mid_stream(server: HomeAssistant, kill: bool) -> None:
    """A wait and a subscription that began before it go on after it; calls made meanwhile are answered or say why."""

    async def work() -> None:
        async with connected(server.url, server.token) as host:
            await host.call("home_overview")
            client = await Client(MemoryConnection(host.server), LEGACY[-1]).open()
            await client.call("resources/subscribe", {"uri": "home://areas/bedroom"})
            wait = {"entity_id": "text.text", "state": "after the restart", "timeout_seconds": 90}
            waiting = asyncio.create_task(host.call("home_wait_for", wait))
            await asyncio.to_thread(server.stop, kill=kill)
            with pytest.raises(ToolError):
                await host.call("home_call_service", {"service": "light.turn_on", "entity_ids": ["light.bed_light"]})
            back = asyncio.create_task(asyncio.to_thread(server.start))
            began = time.perf_counter()
            found: dict[str, Any] = {"things": []}
            while not found["things"]:  # away, left alone for a while after failing, or there with nothing in it yet
                await asyncio.sleep(0.1)
                with contextlib.suppress(ToolError):
                    found = await ask(host, "home_search_entities", query="bed light")
            sys.stderr.write(f"back {time.perf_counter() - began:.1f} s after the start of Home Assistant began\n")
            await back
            client.notes.clear()
            call = {"service": "light.toggle", "entity_ids": ["light.bed_light"]}
            await host.call("home_call_service", call)
            await client.note("notifications/resources/updated", lambda params: params["uri"].endswith("bedroom"))
            call = {"service": "text.set_value", "entity_ids": ["text.text"], "data": {"value": "after the restart"}}
            await host.call("home_call_service", call)
            assert (await waiting).data["reached"]
            seen = await ask(host, "home_overview")
            assert {area["name"] for area in seen["areas"]} == set(AREAS)
            assert (await ask(host, "home_get_state", entity_ids=["lock.front_door"]))[0]["state"] == "locked"

    asyncio.run(asyncio.wait_for(work(), 150))


def test_statistics_are_compared(server: HomeAssistant) -> None:
    """A year of hourly rows, imported as a recorder would keep them."""
    thing, day = "sensor.power_consumption", 86400
    now = int(time.time()) // day * day
    rows = [
        {"start": time.strftime("%Y-%m-%dT%H:00:00+00:00", time.gmtime(now - 14 * day + hour * 3600)),
         "mean": 100 if hour < 7 * 24 else 150, "min": 50, "max": 300}
        for hour in range(14 * 24)
    ]  # fmt: skip
    about = {"has_mean": True, "has_sum": False, "name": None, "source": "recorder", "statistic_id": thing,
             "unit_of_measurement": "W"}  # fmt: skip

    async def work() -> None:
        await server.commands({"type": "recorder/import_statistics", "metadata": about, "stats": rows})
        stamp = "%Y-%m-%dT00:00:00Z"
        asked = {
            "start": time.strftime(stamp, time.gmtime(now - 7 * day)), "end": time.strftime(stamp, time.gmtime(now)),
            "compare_start": time.strftime(stamp, time.gmtime(now - 14 * day)),
        }  # fmt: skip
        async with connected(server.url, server.token) as host:
            for _ in range(100):  # the recorder works them off in a thread
                try:
                    [found] = (await ask(host, "home_get_statistics", entity_ids=[thing], **asked))["statistics"]
                    if len(found["buckets"]) == 7 and found.get("other", {}).get("mean") == 100:
                        break
                except ToolError:
                    pass
                await asyncio.sleep(0.1)
            assert [value for _, value in found["buckets"]] == [150] * 7
            assert (found["total"]["min"], found["total"]["max"]) == (50, 300)
            assert found["difference"] == {"value": 50, "percent": 50}

    asyncio.run(work())
