"""The contract that every plugin keeps, on the simulated home; and what the person is asked."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import pytest

from mcp_agent import Config, Host, ToolError
from mcp_agent.config import PolicySettings, Rule
from mcp_agent.errors import Denied
from mcp_agent.testing import PluginContract, ScriptedCaller
from tests.support.homes import MODULE

FAN: dict[str, Any] = {
    "alias": "Fan", "trigger": {"platform": "time", "at": "07:00"},
    "action": {"service": "fan.turn_on", "target": {"entity_id": "fan.bathroom"}},
}  # fmt: skip


class TestContract(PluginContract):
    module = MODULE
    examples: ClassVar = {
        "home_overview": {},
        "home_search_entities": {"query": "kitchen light"},
        "home_get_state": {"entity_ids": ["light.hallway", "sensor.energy"]},
        "home_call_service": {"service": "light.turn_on", "entity_ids": ["light.hallway"]},
        "home_call_guarded_service": {"service": "lock.unlock", "entity_ids": ["lock.front_door"]},
        "home_bulk_control": {"service": "light.turn_off", "floor": "Ground floor"},
        "home_list_services": {"domain": "climate"},
        "home_get_history": {"entity_ids": ["sensor.power", "lock.front_door"]},
        "home_get_statistics": {"entity_ids": ["sensor.energy"], "by": "hour"},
        "home_set_automation": {"config": FAN},
        "home_get_automation": {"automation": "fan"},
        "home_get_traces": {"automation": "fan"},
        "home_remove_automation": {"automation_id": "fan"},
        "home_scenes": {},
        "home_apply_scene": {"scene": "scene.evening"},
        "home_capture_scene": {"name": "Now", "area": "Kitchen"},
        "home_change_todo": {"list": "todo.shopping", "item": "Tea", "due": "2026-01-02"},
        "home_todo": {"list": "todo.shopping"},
        "home_calendar": {"days": 30},
        "home_render_template": {"template": "{{ states('person.anna') }}"},
        "home_camera_snapshot": {"camera": "camera.front_door"},
        "home_wait_for": {"entity_id": "light.hallway", "state": "off", "timeout_seconds": 1},
    }

    def test_every_tool_has_an_example(self) -> None:
        assert {tool.name for tool in self._tools()} == set(self.examples)


LIGHT = {"service": "light.turn_on", "entity_ids": ["light.hallway"]}
DOOR = {"service": "lock.unlock", "entity_ids": ["lock.front_door"]}
YES, SESSION = {"decision": "allow once"}, {"decision": "allow for this session"}


@asynccontextmanager
async def guarded_by(*rules: Rule) -> AsyncIterator[Host]:
    config = Config(policy=PolicySettings(rules=rules, wait_seconds=0))
    async with Host(config, modules=[MODULE], installed=False, on_disk=False) as host:
        await host.started()
        yield host


async def door(host: Host) -> str:
    [found] = (await host.call("home_get_state", {"entity_ids": ["lock.front_door"]})).data["result"]
    return str(found["state"])


def test_lights_are_asked_about_once_and_the_door_each_time() -> None:
    async def work() -> None:
        async with guarded_by() as host:
            person = ScriptedCaller(elicit=[SESSION, YES, "decline"])
            for _ in range(3):
                await host.call("home_call_service", LIGHT, person)
            assert len(person.asked) == 1
            await host.call("home_call_guarded_service", DOOR, person)
            assert await door(host) == "unlocked"
            said = person.asked[-1][1]["message"]
            assert "Run lock.unlock on Front Door (lock.front_door, now locked)" in said
            assert "cannot be taken back" in said
            with pytest.raises(Denied):
                await host.call("home_call_guarded_service", {**DOOR, "service": "lock.lock"}, person)
            assert len(person.asked) == 3
            assert await door(host) == "unlocked"

    asyncio.run(work())


def test_a_rule_that_frees_the_lights_opens_no_door() -> None:
    """Whatever is allowed for the plain tool, in rules or for a session: the door has a tool of its own."""

    async def work() -> None:
        rules = [Rule(tool="home_call_service", decide="allow"), Rule(tool="home_bulk_control", decide="allow")]
        async with guarded_by(*rules) as host:
            nobody = ScriptedCaller()
            await host.call("home_call_service", LIGHT, nobody)
            for tool, arguments in (
                ("home_call_service", DOOR),
                ("home_call_service", {"service": "homeassistant.turn_off", "entity_ids": ["lock.front_door"]}),
                ("home_call_service", {**LIGHT, "data": {"entity_id": "lock.front_door"}}),
                ("home_bulk_control", {"service": "lock.unlock", "everywhere": True}),
                ("home_bulk_control", {"service": "homeassistant.turn_off", "area": "Hallway"}),
                ("home_call_guarded_service", DOOR),
            ):
                with contextlib.suppress(ToolError):  # bulk control leaves the lock out, and turns off the light
                    await host.call(tool, arguments, nobody)
                assert await door(host) == "locked"

    asyncio.run(work())


def test_the_person_sees_what_is_different_before_an_automation_is_written() -> None:
    async def work() -> None:
        async with guarded_by() as host:
            person = ScriptedCaller(elicit=[YES, YES, "decline"])
            await host.call("home_set_automation", {"config": FAN}, person)
            later = {**FAN, "trigger": {"platform": "time", "at": "08:30"}}
            await host.call("home_set_automation", {"config": later, "automation_id": "fan"}, person)
            said = person.asked[-1][1]["message"]
            assert '-  "at": "07:00"' in said
            assert '+  "at": "08:30"' in said
            with pytest.raises(Denied):
                await host.call("home_remove_automation", {"automation_id": "fan"}, person)
            [found] = (await host.call("home_get_automation", {"automation": "fan"})).data["result"]
            assert found["config"]["trigger"]["at"] == "08:30"

    asyncio.run(work())
