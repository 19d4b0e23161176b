"""Changes in every home, simulated or real: told, waited for, taken back."""

from __future__ import annotations

import pytest

from mcp_agent import Host, ToolError
from plugins.smart_home.tests.behaving import ask, on, state, turn, undo
from tests.support.homes import Home


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
