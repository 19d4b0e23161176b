"""docs/plugins/maps.md: what the conversation says is what the tools say."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import get_type_hints

import mcp_agent_maps
import msgspec
import yaml
from mcp_agent_maps.settings import Settings
from mcp_agent_maps.town import write_town

from mcp_agent.testing import host_for

PAGE = (Path(__file__).parents[3] / "docs" / "plugins" / "maps.md").read_text()
TURNS = re.findall(r"```json\n(.*?)\n```\n\n> (.*?)\n", PAGE, re.S)


def test_the_conversation_is_true(tmp_path: Path) -> None:
    write_town(tmp_path / "town.osm.pbf")

    async def work() -> None:
        async with host_for("mcp_agent_maps", {"online": False}) as host:
            await host.call("maps_load_extract", {"path": str(tmp_path / "town.osm.pbf")})
            for asked, answered in TURNS:
                arguments = json.loads(asked)
                said = (await host.call(arguments.pop("tool"), arguments)).text
                assert answered in said, said
            picture = await host.call("maps_render", {"result": "r2"})
            assert picture.content[0].data.startswith(b"\x89PNG")  # type: ignore[union-attr]

    assert len(TURNS) == 4
    asyncio.run(work())


def test_every_tool_is_in_the_table() -> None:
    names = [tool.__name__ for tool in mcp_agent_maps.mcp_agent_tools()]
    assert set(re.findall(r"^\| `(maps_\w+)`", PAGE, re.M)) == set(names)


def test_the_settings_are_all_there_with_their_defaults() -> None:
    [text] = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
    said = yaml.safe_load(text)["plugins"]["maps"]
    known = msgspec.to_builtins(Settings())
    known.pop("wait_seconds")
    assert said == known
    assert set(said) < set(get_type_hints(Settings))
