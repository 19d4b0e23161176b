"""What counts as guarded, and that no selector whatever reaches it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcp_agent_smart_home.guard import why_guarded, why_not
from mcp_agent_smart_home.home import Entity
from mcp_agent_smart_home.restoring import DOMAINS

from mcp_agent import ToolError
from mcp_agent.testing import host_for
from tests.support.homes import MODULE


def thing(entity_id: str, name: str = "It", /, **attributes: Any) -> Entity:
    return Entity(entity_id=entity_id, state="on", name=name, attributes=attributes)


@pytest.mark.parametrize(
    ("entity", "guarded"),
    [
        (thing("light.front_door"), False),
        (thing("light.garage"), False),
        (thing("switch.coffee"), False),
        (thing("cover.blind", device_class="blind"), False),
        (thing("cover.terrace", device_class="awning"), False),
        (thing("lock.front_door"), True),
        (thing("alarm_control_panel.home"), True),
        (thing("valve.water"), True),
        (thing("cover.any", device_class="garage"), True),
        (thing("cover.any", device_class="gate"), True),
        (thing("cover.any", device_class="door"), True),
        (thing("cover.garage"), True),
        (thing("cover.x", "Driveway gate"), True),
        (thing("cover.aggregate"), False),
        (thing("switch.garage_door_relay"), True),
        (thing("switch.x", "Front door lock"), True),
        (thing("switch.main_water_valve"), True),
        (thing("switch.blocked_clock"), False),
        (thing("button.anything"), True),
        (thing("script.anything"), True),
        (thing("scene.anything"), True),
        (thing("automation.anything"), True),
        (thing("group.anything"), True),
        (thing("some_new_domain.anything"), True),
        (thing("cover.group", entity_id=["cover.blind", "cover.big"], device_class="blind"), True),
        (thing("light.group", entity_id=["light.a", "light.nowhere"]), True),
        (thing("light.group", entity_id=["light.a", "light.group"]), False),
        (thing("light.outer", entity_id=["light.inner"]), True),
        (thing("switch.mine_too"), True),
    ],
    ids=lambda value: value.entity_id if isinstance(value, Entity) else str(value),
)
def test_what_is_guarded(entity: Entity, guarded: bool) -> None:
    others = [
        thing("cover.blind", device_class="blind"), thing("cover.big", device_class="garage"), thing("light.a"),
        thing("light.inner", entity_id=["lock.hidden"]), thing("lock.hidden"), entity,
    ]  # fmt: skip
    home = {one.entity_id: one for one in others}
    assert (why_guarded(entity, home, ("switch.mine_*",)) is not None) is guarded


@pytest.mark.parametrize(
    ("domain", "service", "free"),
    [
        ("light", "turn_on", True), ("homeassistant", "turn_off", True), ("homeassistant", "restart", False),
        ("homeassistant", "stop", False), ("lock", "unlock", False), ("notify", "notify", False),
        ("shell_command", "anything", False), ("recorder", "purge", False), ("cover", "open_cover", False),
    ],
)  # fmt: skip
def test_which_services_are_for_the_plain_tool(domain: str, service: str, free: bool) -> None:
    assert (why_not(domain, service, [thing("light.a")]) is None) is free


GUARDED = ("lock.front_door", "lock.garden_door", "alarm_control_panel.home", "valve.garden_water", "cover.garage_door")
SERVICES = [
    f"{domain}.{service}"
    for domain in (
        "homeassistant",
        "cover",
        "lock",
        "valve",
        "alarm_control_panel",
        "light",
        "switch",
        "scene",
        "button",
    )
    for service in (
        "turn_on",
        "turn_off",
        "toggle",
        "open_cover",
        "close_cover",
        "unlock",
        "open_valve",
        "alarm_disarm",
    )
]
PLACES = st.sampled_from([None, "", "Hallway", "Garage", "garden", "Kitchen", "entrance", "*", "all"])


def test_no_bulk_call_reaches_anything_guarded() -> None:
    with asyncio.Runner() as runner:
        opening = host_for(MODULE)
        host = runner.run(opening.__aenter__())

        async def states() -> list[str]:
            found = (await host.call("home_get_state", {"entity_ids": list(GUARDED)})).data["result"]
            return [one["state"] for one in found]

        before = runner.run(states())

        @settings(max_examples=200, deadline=None)
        @given(
            service=st.sampled_from(SERVICES), area=PLACES, floor=st.sampled_from([None, "Ground floor", "*"]),
            label=st.sampled_from([None, "evening"]), everywhere=st.booleans(),
            domain=st.sampled_from([None, "lock", "cover", "light", "valve", "*"]),
            data=st.sampled_from([{}, {"entity_id": "all"}, {"area_id": "hallway"}, {"target": {"area_id": "garage"}}]),
        )  # fmt: skip
        def check(**arguments: Any) -> None:
            async def one() -> None:
                try:
                    result = await host.call("home_bulk_control", arguments)
                except ToolError:
                    return
                reached = [change["entity_id"] for change in result.data.get("changed", [])]
                reached += result.data.get("unchanged", [])
                assert not set(reached) & set(GUARDED)
                assert all(entity_id.partition(".")[0] in DOMAINS for entity_id in reached)

            runner.run(one())
            assert runner.run(states()) == before

        check()
        runner.run(opening.__aexit__(None, None, None))


def test_a_scene_with_a_lock_in_it_is_guarded() -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            await host.call("home_call_guarded_service", {"service": "lock.unlock", "entity_ids": ["lock.front_door"]})
            with pytest.raises(ToolError, match=r"it sets lock\.front_door"):
                await host.call("home_apply_scene", {"scene": "scene.leaving"})
            with pytest.raises(ToolError, match="home_call_guarded_service"):
                await host.call("home_call_service", {"service": "scene.turn_on", "entity_ids": ["scene.leaving"]})
            [found] = (await host.call("home_get_state", {"entity_ids": ["lock.front_door"]})).data["result"]
            assert found["state"] == "unlocked"
            await host.call("home_call_guarded_service", {"service": "scene.turn_on", "entity_ids": ["scene.leaving"]})
            [found] = (await host.call("home_get_state", {"entity_ids": ["lock.front_door"]})).data["result"]
            assert found["state"] == "locked"

    asyncio.run(work())


def test_settings_guard_more() -> None:
    async def work() -> None:
        async with host_for(MODULE, {"guarded": ["switch.pond_*"]}) as host:
            call = {"service": "switch.turn_off", "entity_ids": ["switch.pond_pump"]}
            with pytest.raises(ToolError, match="the settings guard it"):
                await host.call("home_call_service", call)
            done = (await host.call("home_bulk_control", {"service": "switch.turn_on", "everywhere": True})).data
            assert done["left_out"] == [{"entity_id": "switch.pond_pump", "why": "the settings guard it"}]

    asyncio.run(work())


def test_undo_moves_nothing_guarded_whatever_the_journal_says() -> None:
    """What became guarded after it was changed stays where it is."""

    async def work() -> None:
        async with host_for(MODULE) as host:
            call = {"service": "switch.turn_off", "entity_ids": ["switch.pond_pump"]}
            await host.call("home_call_service", call)
            scope = host._supervisor.scopes["smart_home"]
            scope.config = type(scope.config)(guarded=("switch.pond_*",))
            undone = await host.undo()
            assert undone.stopped is not None
            [found] = (await host.call("home_get_state", {"entity_ids": ["switch.pond_pump"]})).data["result"]
            assert found["state"] == "off"

    asyncio.run(work())
