"""The conversation of the docs page happens as it is written."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import yaml
from mcp_agent_smart_home import TOOLS
from mcp_agent_smart_home.settings import Settings
from msgspec import convert

from mcp_agent.testing import host_for
from tests.support.homes import MODULE

PAGE = (Path(__file__).parents[3] / "docs" / "plugins" / "smart_home.md").read_text()


def test_the_conversation_happens() -> None:
    blocks = re.findall(r"```json\n(.*?)```", PAGE, re.S)
    calls = [json.loads(line) for block in blocks for line in block.splitlines()]

    async def work() -> None:
        async with host_for(MODULE) as host:

            async def state(entity_id: str) -> str:
                [found] = (await host.call("home_get_state", {"entity_ids": [entity_id]})).data["result"]
                return str(found["state"])

            results: list[Any] = []
            for call in calls:
                results.append((await host.call(call.pop("tool"), call)).data)
            overview, found, dimmed, bulk, door = results
            assert overview["unlocked_or_open"] == ["Kitchen Window: open"]
            assert overview["low_batteries"] == ["Front Door Lock Battery: 14 %"]
            assert found["things"][0]["entity_id"] == "light.reading_lamp"
            [change] = dimmed["changes"]
            assert (change["before"]["brightness"], change["after"]["brightness"]) == (140, 51)
            assert [one["entity_id"] for one in bulk["changed"]] == ["light.reading_lamp"]
            assert door["changes"][0]["after"] == {"state": "unlocked"}
            assert (await host.undo()).stopped is None
            assert await state("light.reading_lamp") == "on"
            assert await state("lock.front_door") == "unlocked"

    asyncio.run(work())


def test_the_settings_are_real_and_every_tool_is_named() -> None:
    [block] = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
    settings = convert(yaml.safe_load(block)["plugins"]["smart_home"], Settings, strict=False)
    assert settings.url.startswith("http")
    assert [tool.__name__ for tool in TOOLS if f"`{tool.__name__}`" not in PAGE] == []
