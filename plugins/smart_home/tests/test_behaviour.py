"""What every home does, simulated or real: each test runs on both."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mcp_agent import Host, Image, ToolError
from mcp_agent.transports.memory import MemoryConnection
from tests.support.homes import Home
from tests.support.schema import LEGACY
from tests.support.wire import Client


def on(home: Home, work: Callable[[Host], Awaitable[None]]) -> None:
    async def run() -> None:
        async with home.host() as host:
            await work(host)

    asyncio.run(run())


async def ask(host: Host, tool: str, **arguments: Any) -> Any:
    found = (await host.call(tool, arguments)).data
    return found["result"] if isinstance(found, dict) and set(found) == {"result"} else found


async def state(host: Host, entity_id: str) -> str:
    [found] = await ask(host, "home_get_state", entity_ids=[entity_id])
    return str(found["state"])


async def turn(host: Host, how: str, entity_id: str, **data: Any) -> Any:
    [change] = (await ask(host, "home_call_service", service=f"light.turn_{how}", entity_ids=[entity_id], data=data))[
        "changes"
    ]
    return change


async def undo(host: Host) -> None:
    undone = await host.undo()
    assert undone.stopped is None, undone.stopped


def test_a_change_is_told_waited_for_and_taken_back(home: Home) -> None:
    async def work(host: Host) -> None:
        light = home.names.light
        await turn(host, "off", light)
        change = await turn(host, "on", light, brightness_pct=40)
        assert change["before"] == {"state": "off"}
        assert change["after"]["state"] == "on"
        assert change["after"]["brightness"] == 102
        assert "note" not in change
        again = await turn(host, "on", light, brightness_pct=40)
        assert again["note"] == "nothing changed"
        assert again["before"] == again["after"]
        brighter = await turn(host, "on", light, brightness_pct=80)
        assert brighter["after"]["brightness"] == 204
        await undo(host)  # what changed nothing is not in the way
        [shown] = await ask(host, "home_get_state", entity_ids=[light])
        assert shown["attributes"]["brightness"] == 102
        await undo(host)
        assert await state(host, light) == "off"

    on(home, work)


def test_heating_is_set_and_put_back(home: Home) -> None:
    async def work(host: Host) -> None:
        thing = home.names.climate
        [before] = await ask(host, "home_get_state", entity_ids=[thing])
        called = {"service": "climate.set_temperature", "entity_ids": [thing], "data": {"temperature": 25}}
        [change] = (await ask(host, "home_call_service", **called))["changes"]
        assert change["after"]["temperature"] == 25
        assert change["before"]["temperature"] == before["attributes"]["temperature"] != 25
        await undo(host)
        [after] = await ask(host, "home_get_state", entity_ids=[thing])
        assert after["attributes"]["temperature"] == before["attributes"]["temperature"]

    on(home, work)


def test_undo_stops_where_somebody_else_changed_it_since(home: Home) -> None:
    async def work(host: Host) -> None:
        light = home.names.light
        await turn(host, "off", light)
        await turn(host, "on", light, brightness=100)
        await host.call("home_call_guarded_service", {"service": "light.turn_on", "entity_ids": [light],
                                                      "data": {"brightness": 50}})  # fmt: skip
        undone = await host.undo()
        assert undone.stopped is not None
        assert "changed again since" in undone.stopped
        await turn(host, "off", light)

    on(home, work)


def test_locks_and_garage_doors_are_reached_by_the_guarded_tool_alone(home: Home) -> None:
    async def work(host: Host) -> None:
        names = home.names
        for service, thing in (("lock.unlock", names.lock), ("cover.open_cover", names.garage)):
            before = await state(host, thing)
            with pytest.raises(ToolError, match="home_call_guarded_service"):
                await host.call("home_call_service", {"service": service, "entity_ids": [thing]})
            assert await state(host, thing) == before
        assert await host.changes() == []
        [change] = (await ask(host, "home_call_guarded_service", service="lock.unlock", entity_ids=[names.lock]))[
            "changes"
        ]
        assert (change["before"], change["after"]) == ({"state": "locked"}, {"state": "unlocked"})
        assert await host.changes() == []  # nothing to undo: it cannot be taken back in silence
        await host.call("home_call_guarded_service", {"service": "lock.lock", "entity_ids": [names.lock]})
        assert await state(host, names.lock) == "locked"

    on(home, work)


def test_many_at_once_by_area_with_a_result_each(home: Home) -> None:
    async def work(host: Host) -> None:
        names = home.names
        await turn(host, "on", names.area_light)
        done = await ask(host, "home_bulk_control", service="light.turn_off", area=names.area)
        assert names.area_light in [change["entity_id"] for change in done["changed"]]
        assert all(change["after"] == {"state": "off"} for change in done["changed"])
        await undo(host)
        assert await state(host, names.area_light) == "on"
        everywhere = await ask(host, "home_bulk_control", service="cover.close_cover", everywhere=True, wait_seconds=0)
        reached = [one["entity_id"] for one in everywhere.get("changed", [])] + everywhere.get("unchanged", [])
        assert names.garage not in reached
        assert {"entity_id": names.garage, "why": "it is a garage door"} in everywhere["left_out"]

    on(home, work)


def test_things_without_an_area_are_told(home: Home) -> None:
    async def work(host: Host) -> None:
        done = await ask(host, "home_bulk_control", service="homeassistant.turn_off", area=home.names.area)
        assert any(one.startswith("input_boolean.") for one in done["without_area"])
        await undo(host)

    on(home, work)


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


def automation_for(home: Home, **more: Any) -> dict[str, Any]:
    act = {"service": "light.turn_on", "target": {"entity_id": home.names.light}}
    return {"alias": "Night Light", "trigger": [{"platform": "time", "at": "23:00:00"}], "action": [act], **more}


def test_an_automation_is_written_changed_run_traced_removed_and_brought_back(home: Home) -> None:
    async def work(host: Host) -> None:
        config = automation_for(home)
        added = await ask(host, "home_set_automation", config=config)
        assert (added["id"], added["what"]) == ("night_light", "added")
        assert '+ "alias": "Night Light"' in added["diff"]
        with pytest.raises(ToolError, match="already"):
            await host.call("home_set_automation", {"config": config})
        louder = automation_for(home, mode="restart")
        changed = await ask(host, "home_set_automation", config=louder, automation_id="night_light")
        assert '+ "mode": "restart"' in changed["diff"]
        [found] = await ask(host, "home_get_automation", automation="night light")
        assert found["config"] == {"id": "night_light", **louder}
        await undo(host)
        [found] = await ask(host, "home_get_automation", automation="automation.night_light")
        assert found["config"] == {"id": "night_light", **config}
        await turn(host, "off", home.names.light)
        run = {"service": "automation.trigger", "entity_ids": ["automation.night_light"]}
        await host.call("home_call_guarded_service", run)
        reached = await ask(host, "home_wait_for", entity_id=home.names.light, state="on", timeout_seconds=5)
        assert reached["reached"]
        [trace] = (await ask(host, "home_get_traces", automation="Night Light"))["runs"]
        assert trace["outcome"] == "finished"
        steps = (await ask(host, "home_get_traces", automation="Night Light", run_id=trace["run_id"]))["steps"]
        assert any(step["path"] == "action/0" for step in steps)
        removed = await ask(host, "home_remove_automation", automation_id="night_light")
        assert '- "alias": "Night Light"' in removed["diff"]
        with pytest.raises(ToolError, match="no automation"):
            await host.call("home_get_automation", {"automation": "night light"})
        await undo(host)
        [found] = await ask(host, "home_get_automation", automation="night light")
        assert found["config"] == {"id": "night_light", **config}
        await host.call("home_remove_automation", {"automation_id": "night_light"})

    on(home, work)


def test_an_automation_that_names_what_is_not_there_says_so(home: Home) -> None:
    async def work(host: Host) -> None:
        trigger = [{"platform": "state", "entity_id": [home.names.light, "binary_sensor.to_come"]}]
        if home.names.light == "light.hallway":  # the simulated home does not take it at all
            with pytest.raises(ToolError, match=r"binary_sensor\.to_come, which is not there"):
                await host.call("home_set_automation", {"config": automation_for(home, trigger=trigger)})
            return
        added = await ask(host, "home_set_automation", config=automation_for(home, trigger=trigger))
        assert added["not_there"] == ["binary_sensor.to_come"]
        await undo(host)

    on(home, work)


def test_a_wrong_automation_leaves_the_old_one_as_it_was(home: Home) -> None:
    async def work(host: Host) -> None:
        config = automation_for(home)
        await host.call("home_set_automation", {"config": config})
        wrong = automation_for(home, trigger=[{"platform": "telepathy"}])
        with pytest.raises(ToolError, match="telepathy"):
            await host.call("home_set_automation", {"config": wrong, "automation_id": "night_light"})
        [found] = await ask(host, "home_get_automation", automation="night_light")
        assert found["config"] == {"id": "night_light", **config}
        await host.call("home_remove_automation", {"automation_id": "night_light"})

    on(home, work)


def test_the_present_becomes_a_scene_that_can_be_applied(home: Home) -> None:
    async def work(host: Host) -> None:
        light = home.names.light
        await turn(host, "on", light, brightness=120)
        captured = await ask(host, "home_capture_scene", name="Just So", entity_ids=[light, home.names.lock])
        assert (captured["things"], captured["left_out"]) == ([light], [home.names.lock])
        await turn(host, "off", light)
        [change] = (await ask(host, "home_apply_scene", scene="scene.just_so"))["changes"]
        assert change["before"] == {"state": "off"}
        assert change["after"]["brightness"] == 120
        await undo(host)
        assert await state(host, light) == "off"
        assert "scene.just_so" in [one["entity_id"] for one in await ask(host, "home_scenes")]
        [made] = [change for change in await host.changes() if change.tool == "home_capture_scene"]
        await host.undo(change=made.id)
        assert "scene.just_so" not in [one["entity_id"] for one in await ask(host, "home_scenes")]

    on(home, work)


def test_a_list_is_changed_and_put_back(home: Home) -> None:
    async def work(host: Host) -> None:
        todo = home.names.todo

        async def items() -> dict[str, str]:
            [found] = await ask(host, "home_todo", list=todo, done=True)
            return {one["summary"]: one["status"] for one in found.get("items", [])}

        before = await items()
        done = await ask(host, "home_change_todo", list=todo, item="Tea")
        assert done == {"before": None, "after": {"summary": "Tea", "status": "needs_action"}}
        with pytest.raises(ToolError, match="already"):
            await host.call("home_change_todo", {"list": todo, "item": "Tea"})
        await host.call("home_change_todo", {"list": todo, "item": "Tea", "do": "complete"})
        assert (await items())["Tea"] == "completed"
        await host.call("home_change_todo", {"list": todo, "item": "Tea", "do": "remove"})
        assert await items() == before
        await undo(host)
        assert (await items())["Tea"] == "completed"
        await undo(host)
        assert (await items())["Tea"] == "needs_action"
        await undo(host)
        assert await items() == before
        assert any(one["entity_id"] == todo for one in await ask(host, "home_todo"))

    on(home, work)


def test_looking_around(home: Home) -> None:
    async def work(host: Host) -> None:
        seen = await ask(host, "home_overview")
        assert home.names.area in [area["name"] for area in seen["areas"]]
        assert seen["things"] == sum(area["things"] for area in [*seen["areas"], seen["without_area"]])
        found = (await ask(host, "home_search_entities", query="", domain="lock", limit=50))["things"]
        assert home.names.lock in [one["entity_id"] for one in found]
        services = await ask(host, "home_list_services", domain="light")
        [turn_on] = [one for one in services["services"] if one["name"] == "light.turn_on"]
        assert "brightness_pct" in turn_on["fields"]
        assert "lock" in (await ask(host, "home_list_services"))["domains"]
        picture = (await host.call("home_camera_snapshot", {"camera": home.names.camera})).content[0]
        assert isinstance(picture, Image)
        assert picture.mime_type in ("image/png", "image/jpeg")
        assert picture.data.startswith((b"\x89PNG", b"\xff\xd8\xff"))
        rendered = await host.call("home_render_template", {"template": f"{{{{ states('{home.names.lock}') }}}}!"})
        assert rendered.text == "locked!"
        events = await host.call("home_calendar", {"days": 10})
        assert len(events.data["events"]) >= 2
        assert events.meta is not None  # others may have written them
        starts = [event["start"] for event in events.data["events"]]
        assert starts == sorted(starts)
        assert (await host.checks())["smart_home"].split()[0] in ("A", "Connected")

    on(home, work)


def test_the_past_of_a_light_is_what_was_done_to_it(home: Home) -> None:
    async def work(host: Host) -> None:
        light = home.names.light
        began = datetime.now(UTC)
        for how in ("off", "on", "off"):
            await turn(host, how, light)
        for _ in range(40):  # a recorder writes once a second
            [past] = await ask(host, "home_get_history", entity_ids=[light], start=began.isoformat())
            if [one["state"] for one in past["points"]][-2:] == ["on", "off"]:
                break
            await asyncio.sleep(0.1)
        assert [one["state"] for one in past["points"]][-2:] == ["on", "off"]
        assert set(past["hours_in"]) == {"on", "off"}
        start = (began - timedelta(hours=1)).isoformat()
        [sensor] = await ask(host, "home_get_history", entity_ids=[home.names.sensor], start=start)
        assert sensor["numbers"]["min"] <= sensor["numbers"]["mean"] <= sensor["numbers"]["max"]
        assert sensor["unit"] == "°C"

    on(home, work)


def test_waiting_ends_with_the_change_or_with_the_time(home: Home) -> None:
    async def work(host: Host) -> None:
        light = home.names.light
        await turn(host, "off", light)
        late = await ask(host, "home_wait_for", entity_id=light, state="on", timeout_seconds=0.05)
        assert (late["reached"], late["value"]) == (False, "off")
        waiting = asyncio.create_task(
            ask(host, "home_wait_for", entity_id=light, attribute="brightness", above=200, timeout_seconds=10)
        )
        await turn(host, "on", light, brightness=100)
        assert not waiting.done()
        await turn(host, "on", light, brightness=220)
        await turn(host, "on", light, brightness=90)  # it was there, if only for a moment
        reached = await waiting
        assert (reached["reached"], reached["value"]) == (True, "220")
        assert reached["seconds"] < 5
        await turn(host, "off", light)

    on(home, work)


def test_an_area_is_a_resource_that_tells_of_changes(home: Home) -> None:
    async def work(host: Host) -> None:
        light = home.names.area_light
        await turn(host, "off", light)
        client = await Client(MemoryConnection(host.server), LEGACY[-1]).open()
        listed = json.loads((await client.call("resources/read", {"uri": "home://areas"}))["contents"][0]["text"])
        [uri] = [area["uri"] for area in listed if area["name"] == home.names.area]
        await client.call("resources/subscribe", {"uri": uri})
        await turn(host, "on", light)
        note = await client.note("notifications/resources/updated")
        assert note["uri"] == uri
        read = json.loads((await client.call("resources/read", {"uri": uri}))["contents"][0]["text"])
        assert {one["entity_id"]: one["state"] for one in read}[light] == "on"
        completed = await client.call("completion/complete", {
            "ref": {"type": "ref/resource", "uri": "home://areas/{area_id}"},
            "argument": {"name": "area_id", "value": uri.rpartition("/")[2][:3]},
        })  # fmt: skip
        assert uri.rpartition("/")[2] in completed["completion"]["values"]

    on(home, work)
