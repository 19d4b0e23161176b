"""What no home does, simulated or real: wrong calls are explained, and nothing is changed."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_agent import Host, ToolError
from plugins.smart_home.tests.behaving import on
from tests.support.homes import Home


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"service": "light.turn_off"}, "the whole home"),
        ({"service": "homeassistant.turn_off", "everywhere": True}, "everything there is"),
        ({"service": "light.turn_off", "area": "Ballroom"}, "There is no area 'Ballroom'"),
        ({"service": "light.turn_off", "label": "nobody has it"}, "Nothing has the label"),
        ({"service": "light.turn_off", "floor": "13th"}, "There is no floor"),
        ({"service": "homeassistant.restart", "everywhere": True}, "the home as a whole"),
        ({"service": "lock.unlock", "everywhere": True}, "not changed in bulk"),
        ({"service": "homeassistant.turn_on", "domain": "lock", "everywhere": True}, "not changed in bulk"),
        ({"service": "light.turn_off", "domain": "lock", "everywhere": True}, "not for things of domain lock"),
        ({"service": "siren.turn_on", "area": "Garage"}, "Nothing to call siren.turn_on on"),
        ({"service": "light.turn_on", "everywhere": True, "data": {"area_id": "garage"}}, "must not hold area_id"),
    ],
)
def test_selectors_that_nobody_can_mean_are_refused(home: Home, arguments: dict[str, Any], says: str) -> None:
    async def work(host: Host) -> None:
        with pytest.raises(ToolError, match=says):
            await host.call("home_bulk_control", arguments)
        assert await host.changes() == []

    on(home, work)


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("home_call_service", {"service": "light.turn_on", "entity_ids": ["light.ballroom"]}, "no light.ballroom"),
        ("home_call_service", {"service": "light.turn_on", "entity_ids": ["LIGHT"]}, "entity_ids"),
        ("home_call_service", {"service": "light.explode", "entity_ids": ["{light}"]}, "light.explode"),
        ("home_call_service", {"service": "light.turn_on", "entity_ids": ["{light}"], "data": {"colour": 1}}, "colour"),
        ("home_call_service", {"service": "light.turn_on", "entity_ids": ["{light}"], "data": {"entity_id": "all"}},
         "must not hold entity_id"),
        ("home_call_service", {"service": "light.turn_on", "entity_ids": ["{lock}"]}, "called on lock"),
        ("home_call_service", {"service": "homeassistant.turn_on", "entity_ids": ["{lock}"]}, "is guarded"),
        ("home_call_service", {"service": "homeassistant.restart", "entity_ids": ["{light}"]}, "home as a whole"),
        ("home_call_guarded_service", {"service": "lock.melt", "entity_ids": ["{lock}"]}, "no service lock.melt"),
        ("home_get_state", {"entity_ids": ["light.nowhere"]}, "There is no light.nowhere"),
        ("home_search_entities", {"query": "x", "area": "Ballroom"}, "There is no area"),
        ("home_get_history", {"entity_ids": ["{light}"], "start": "2030-01-01T00:00:00", "end": "2031-01-01T00:00:00"},
         "future"),
        ("home_get_history", {"entity_ids": ["{light}"], "start": "2025-06-02T00:00:00", "end": "2025-06-01T00:00:00"},
         "ends before it begins"),
        ("home_get_statistics", {"entity_ids": ["{light}"]}, "no statistics of"),
        ("home_get_automation", {"automation": "no such thing"}, "no automation"),
        ("home_set_automation", {"config": {"alias": "Bad", "trigger": [{"platform": "telepathy"}], "action": []}},
         "telepathy|action"),
        ("home_set_automation", {"config": {}}, "needs an alias"),
        ("home_remove_automation", {"automation_id": "never_was"}, "no automation 'never_was'"),
        ("home_get_traces", {"automation": "no such thing"}, "no automation"),
        ("home_apply_scene", {"scene": "scene.nowhere"}, "There is no scene.nowhere"),
        ("home_capture_scene", {"name": "Nothing"}, "which things, or which area"),
        ("home_capture_scene", {"name": "Locks", "entity_ids": ["{lock}"]}, "can be kept in a scene"),
        ("home_todo", {"list": "{light}"}, "is no todo"),
        ("home_change_todo", {"list": "todo.nowhere", "item": "Tea"}, "There is no todo.nowhere"),
        ("home_change_todo", {"list": "{todo}", "item": "Unicorn", "do": "remove"}, "not on the list"),
        ("home_calendar", {"calendar": "calendar.nowhere"}, "There is no calendar.nowhere"),
        ("home_camera_snapshot", {"camera": "camera.nowhere"}, "There is no camera.nowhere"),
        ("home_render_template", {"template": "{{ "}, "does not work"),
        ("home_render_template", {"template": "{{ 1 / 0 }}"}, "does not work"),
        ("home_wait_for", {"entity_id": "{light}"}, "what to wait for"),
        ("home_list_services", {"domain": "teleporter"}, "no services of 'teleporter'"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_explained(home: Home, tool: str, arguments: Any, says: str) -> None:
    names = {"{light}": home.names.light, "{lock}": home.names.lock, "{todo}": home.names.todo}

    def filled(value: Any) -> Any:
        if isinstance(value, list):
            return [filled(one) for one in value]
        return names.get(value, value) if isinstance(value, str) else value

    async def work(host: Host) -> None:
        with pytest.raises(ToolError, match=says) as raised:
            await host.call(tool, {key: filled(value) for key, value in arguments.items()})
        assert "trace" not in str(raised.value)
        assert await host.changes() == []

    on(home, work)
