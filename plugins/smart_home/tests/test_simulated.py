"""The simulated home: it lasts, it has a past, and its templates end."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Host, ToolError
from mcp_agent.testing import FakeClock, host_for
from tests.support.homes import MODULE


async def ask(host: Host, tool: str, **arguments: Any) -> Any:
    return (await host.call(tool, arguments)).data


def test_what_is_done_lasts_and_another_process_would_see_it(tmp_path: Path) -> None:
    async def work() -> None:
        async with host_for(MODULE, folder=tmp_path) as one, host_for(MODULE, folder=tmp_path) as other:
            await one.call("home_call_service", {"service": "light.turn_on", "entity_ids": ["light.hallway"]})
            [seen] = (await ask(other, "home_get_state", entity_ids=["light.hallway"]))["result"]
            assert seen["state"] == "on"
        async with host_for(MODULE, folder=tmp_path) as again:
            [seen] = (await ask(again, "home_get_state", entity_ids=["light.hallway"]))["result"]
            assert seen["state"] == "on"
            assert (await again.undo()).stopped is None
            [seen] = (await ask(again, "home_get_state", entity_ids=["light.hallway"]))["result"]
            assert seen["state"] == "off"

    asyncio.run(work())


def test_two_homes_of_the_same_moment_are_the_same() -> None:
    async def look() -> list[Any]:
        async with host_for(MODULE, clock=FakeClock()) as host:
            ids = ["sensor.outside_temperature", "lock.front_door", "binary_sensor.hallway_motion"]
            return [
                await ask(host, "home_overview"),
                await ask(host, "home_get_history", entity_ids=ids, points=200),
                await ask(host, "home_get_statistics", entity_ids=["sensor.energy"], by="hour"),
            ]

    assert asyncio.run(look()) == asyncio.run(look())


def test_there_is_a_day_of_history_before_anybody_came() -> None:
    async def work() -> None:
        clock = FakeClock()
        async with host_for(MODULE, clock=clock) as host:
            ids = ["sensor.outside_temperature", "lock.front_door", "light.hallway"]
            found = (await ask(host, "home_get_history", entity_ids=ids, points=200))["result"]
            sensor, lock, light = found
            assert sensor["changes"] > 60
            assert sensor["numbers"]["max"] - sensor["numbers"]["min"] > 5
            assert [one["state"] for one in lock["points"]] == ["locked", "unlocked", "locked"]
            assert lock["hours_in"] == {"locked": 23.8, "unlocked": 0.2}
            assert sum(light["hours_in"].values()) == pytest.approx(24, abs=0.05)
            clock.advance(7 * 86400)
            week = (await ask(host, "home_get_history", entity_ids=ids[:1], start="2026-01-01T00:00:00Z"))["result"][0]
            assert week["changes"] > 400
            assert len(week["points"]) == 20

    asyncio.run(work())


def test_statistics_agree_with_the_history_and_compare_periods() -> None:
    async def work() -> None:
        clock = FakeClock()
        async with host_for(MODULE, clock=clock) as host:
            await ask(host, "home_overview")
            clock.advance(14 * 86400)
            asked = {
                "start": "2026-01-08T00:00:00",
                "end": "2026-01-15T00:00:00",
                "compare_start": "2026-01-01T00:00:00",
            }
            ids = ["sensor.energy", "sensor.outside_temperature", "light.hallway"]
            found = await ask(host, "home_get_statistics", entity_ids=ids, **asked)
            assert found["without"] == ["light.hallway"]
            energy, outside = found["statistics"]
            ends = [
                (await ask(host, "home_get_history", entity_ids=["sensor.energy"], start=at, end=until))["result"][0]
                for at, until in (("2026-01-08T00:00:00", "2026-01-08T00:01:00"),
                                  ("2026-01-14T23:59:59.9", "2026-01-15T00:01:00"))
            ]  # fmt: skip
            assert energy["total"]["change"] == pytest.approx(
                ends[1]["numbers"]["first"] - ends[0]["numbers"]["first"], abs=0.2
            )
            assert len(energy["buckets"]) == 7
            assert energy["difference"]["value"] == pytest.approx(
                energy["total"]["change"] - energy["other"]["change"], abs=1e-6
            )
            assert outside["total"]["min"] <= outside["total"]["mean"] <= outside["total"]["max"]

    asyncio.run(work())


_LOOPS = "".join(f"{{% for {name} in range(999) %}}" for name in "abc") + "{% endfor %}" * 3
_DOUBLING = "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}"


@pytest.mark.parametrize(
    ("template", "says"),
    [
        (_LOOPS, "too long"),
        ("{{ " + "(" * 4900 + ")" * 4900 + " }}", "does not work"),
        (_DOUBLING, "makes too much"),
        ("{{ range(999999999)|list }}", "A range may have"),
        ("{{ 9 ** 99999999 }}", "power"),
        ("{{ 'a' * 999999999 }}", "Only numbers"),
        ("{{ '%9999999999d' % 1 }}", "Only numbers"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ [].append(1) }}", "does not work"),
        ("{{ 'x'.center(999999999) }}", "unsafe"),
        ("{{ '{:999999999}'.format(1) }}", "unsafe"),
        ("{{ 'x'|center(999999999) }}", "No filter"),
        ("{{ lipsum() }}", "undefined"),
    ],
)  # fmt: skip
def test_a_template_cannot_harm(template: str, says: str) -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            with pytest.raises(ToolError, match=says):
                await host.call("home_render_template", {"template": template})
            assert (await host.call("home_render_template", {"template": "{{ 6 * 7 }}"})).text == "42"

    asyncio.run(work())


def test_a_template_sees_the_home() -> None:
    async def work() -> None:
        async with host_for(MODULE, clock=FakeClock()) as host:
            template = "{% for e in area_entities('Garage') %}{{ e }}={{ states(e) }};{% endfor %} {{ now()[:4] }}"
            text = (await host.call("home_render_template", {"template": template})).text
            assert text == "light.garage=off;cover.garage_door=closed; 2026"

    asyncio.run(work())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"trigger": []}, "a trigger and an action"),
        ({"trigger": [{"platform": "state"}]}, "needs entity_id"),
        ({"trigger": [{"platform": "state", "entity_id": "light.nowhere"}]}, r"light\.nowhere, which is not there"),
        ({"action": [{"service": "light.explode"}]}, "no service here"),
        ({"action": [{"service": "light.turn_on", "data": {"brightness": 999}}]}, "from 0 to 255"),
        ({"condition": [{"condition": "moon"}]}, "must be one of state"),
        ({"colour": "red"}, "has no colour"),
        ({"trigger": "at noon"}, "must be an object"),
    ],
)
def test_automations_are_checked(change: dict[str, Any], says: str) -> None:
    config = {
        "alias": "Noon", "trigger": [{"platform": "time", "at": "12:00"}],
        "action": [{"service": "light.turn_on", "target": {"entity_id": "light.hallway"}}],
    }  # fmt: skip

    async def work() -> None:
        async with host_for(MODULE) as host:
            with pytest.raises(ToolError, match=says):
                await host.call("home_set_automation", {"config": {**config, **change}})
            assert len((await ask(host, "home_get_automation"))["result"]) == 1

    asyncio.run(work())


def test_a_condition_that_does_not_hold_ends_a_run() -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            act = [{"service": "light.turn_on", "target": {"entity_id": "light.garage"}}]
            config = {
                "alias": "If guests", "trigger": [{"platform": "sun", "event": "sunset"}], "action": act,
                "condition": [{"condition": "state", "entity_id": "input_boolean.guests", "state": "on"}],
            }  # fmt: skip
            await host.call("home_set_automation", {"config": config})
            run = {"service": "automation.trigger", "entity_ids": ["automation.if_guests"]}
            await host.call("home_call_guarded_service", run)
            [trace] = (await ask(host, "home_get_traces", automation="if guests"))["runs"]
            assert trace["outcome"] == "failed_conditions"
            [light] = (await ask(host, "home_get_state", entity_ids=["light.garage"]))["result"]
            assert light["state"] == "off"

    asyncio.run(work())


def test_the_energy_meter_never_runs_backwards() -> None:
    from mcp_agent_smart_home.simulated.senses import SENSES, STEP

    read = SENSES["sensor.energy"].read
    start = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    values = [float(read(start + number * STEP)) for number in range(96 * 30)]
    assert values == sorted(values)
    assert values[-1] > values[0]


def test_scenes_of_different_names_are_different_scenes_in_every_script() -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            names = ["夜 1", "朝 1", "Спокойной ночи", "おやすみ", "Søvn", "Sævn", "Good night"]
            for name in names:
                made = await ask(host, "home_capture_scene", name=name, entity_ids=["light.hallway"])
                assert made["what"] == "added", name
            made = await ask(host, "home_capture_scene", name="спокойной ночи!", entity_ids=["light.garage"])
            assert made["what"] == "replaced"
            assert len((await ask(host, "home_scenes"))["result"]) == 2 + len(names)

    asyncio.run(work())


def test_an_automation_may_be_called_anything() -> None:
    turn_off = {"service": "light.turn_off", "target": {"entity_id": "light.hallway"}}
    config = {"trigger": [{"platform": "time", "at": "23:00:00"}], "action": [turn_off]}

    async def work() -> None:
        async with host_for(MODULE) as host:
            for name in ("Спокойной ночи", "晚安", "早安"):
                await host.call("home_set_automation", {"config": {"alias": name, **config}})
                [found] = (await ask(host, "home_get_automation", automation=name))["result"]
                assert found["name"] == name

    asyncio.run(work())


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-12:00"])
def test_a_time_at_the_end_of_the_calendar_is_no_bug(start: str) -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            assert "events" in await ask(host, "home_calendar", start=start, days=400)
            meter = {"entity_ids": ["sensor.energy"], "buckets": 1}
            assert (await ask(host, "home_get_statistics", compare_start=start, **meter))["statistics"]
            if start < "2":
                assert (await ask(host, "home_get_statistics", start=start, by="month", **meter))["statistics"]

    asyncio.run(work())


def test_an_item_comes_back_with_its_time_and_its_description() -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            item = {"item": "Dentist", "due_datetime": "2028-02-29T10:30:00+02:00", "description": "Bring the card."}
            called = {"service": "todo.add_item", "entity_ids": ["todo.shopping"], "data": item}
            await host.call("home_call_guarded_service", called)
            before = (await ask(host, "home_todo", list="todo.shopping"))["result"]
            assert before[0]["items"][-1]["description"] == "Bring the card."
            await host.call("home_change_todo", {"list": "todo.shopping", "item": "Dentist", "do": "remove"})
            assert (await host.undo()).stopped is None
            assert (await ask(host, "home_todo", list="todo.shopping"))["result"] == before

    asyncio.run(work())


def test_a_guarded_scene_tells_what_it_did() -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            for service, on in (("light.turn_on", "light.hallway"), ("lock.unlock", "lock.front_door")):
                await host.call("home_call_guarded_service", {"service": service, "entity_ids": [on]})
            called = {"service": "scene.turn_on", "entity_ids": ["scene.leaving"]}
            changes = (await ask(host, "home_call_guarded_service", **called))["changes"]
            assert {one["entity_id"]: one["after"]["state"] for one in changes} == {
                "light.hallway": "off", "lock.front_door": "locked",
            }  # fmt: skip

    asyncio.run(work())
