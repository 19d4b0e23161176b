"""What ``mcp-agent demo`` shows of the home."""

from __future__ import annotations

from mcp_agent import Scene, Stage


async def _evening(stage: Stage) -> None:
    seen = (await stage.call("home_overview")).data
    stage.check(seen["things"] > 20, f"the home is nearly empty: {seen}")
    found = (await stage.call("home_search_entities", query="lampe salon", limit=3)).data["things"]
    stage.check(bool(found), "nothing was found")
    stage.say(
        f"A home with {seen['things']} things. Asked in French for a lamp in the salon, it finds {found[0]['name']}."
    )
    done = await stage.call("home_call_service", service="light.turn_on", entity_ids=["light.hallway"])
    stage.check(not done.is_error, f"the light did not go on: {done.text}")
    [change] = done.data["changes"]
    stage.say(f"{change['name']}: {change['before']['state']} before, {change['after']['state']} after.")
    refused = await stage.call("home_call_service", service="lock.unlock", entity_ids=["lock.front_door"])
    stage.check(refused.is_error, "the front door was unlocked by a tool that is not for locks")
    [door] = (await stage.call("home_get_state", entity_ids=["lock.front_door"])).data["result"]
    stage.check(door["state"] == "locked", f"the front door is {door['state']}")
    stage.say("The front door stays locked: that tool does not open doors, and the one that does asks each time.")
    [past] = (await stage.call("home_get_history", entity_ids=["sensor.outside_temperature"], points=0)).data["result"]
    numbers = past["numbers"]
    stage.say(f"Outside it was {numbers['min']} to {numbers['max']} {past['unit']} in the last 24 hours.")


SCENES = [Scene("It looks after the home", _evening)]
