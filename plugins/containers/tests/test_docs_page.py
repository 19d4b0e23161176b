"""What the page says is so."""

from __future__ import annotations

import re
from pathlib import Path

import mcp_agent_containers
import yaml
from mcp_agent_containers.finding import usual_sockets
from mcp_agent_containers.settings import Settings
from msgspec import convert

PAGE = (Path(__file__).parents[3] / "docs" / "plugins" / "containers.md").read_text()


def test_the_settings_are_real_and_every_tool_is_named() -> None:
    [block] = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
    settings = convert(yaml.safe_load(block)["plugins"]["containers"], Settings)
    assert settings.connections["lab"].writable
    assert not settings.connections["local"].writable
    assert [tool.__name__ for tool in mcp_agent_containers.TOOLS if f"`{tool.__name__}`" not in PAGE] == []
    names = {tool.__name__ for tool in mcp_agent_containers.TOOLS}
    assert set(re.findall(r"`(containers_\w+)", PAGE)) <= names


def test_the_sockets_are_those_that_are_looked_for() -> None:
    for path in usual_sockets():
        assert path.name in PAGE
