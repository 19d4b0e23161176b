"""Looking at every home, simulated or real: what is there, what was, what comes."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

from mcp_agent import Host, Image
from mcp_agent.transports.memory import MemoryConnection
from plugins.smart_home.tests.behaving import ask, on, turn, undo
from tests.support.homes import Home
from tests.support.schema import LEGACY
from tests.support.wire import Client


def test_things_without_an_area_are_told(home: Home) -> None:
    async def work(host: Host) -> None:
        done = await ask(host, "home_bulk_control", service="homeassistant.turn_off", area=home.names.area)
        assert any(one.startswith("input_boolean.") for one in done["without_area"])
        await undo(host)

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
        seen = await host.call("home_camera_snapshot", {"camera": home.names.camera})
        assert seen.origin == "camera", "whoever stands before it may hold up a sign"
        picture = seen.content[0]
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
