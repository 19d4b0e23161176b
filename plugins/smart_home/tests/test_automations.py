"""Automations of every home, simulated or real: written, run, traced, removed."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_agent import Host, ToolError
from plugins.smart_home.tests.behaving import ask, on, turn, undo
from tests.support.homes import Home


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
