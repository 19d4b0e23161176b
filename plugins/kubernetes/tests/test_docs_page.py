"""What the page says is so."""

from __future__ import annotations

import ast
import asyncio
import re
from pathlib import Path

import mcp_agent_kubernetes
import yaml
from mcp_agent_kubernetes.settings import Settings
from msgspec import convert

from mcp_agent.jsonio import encode
from mcp_agent.testing import host_for
from plugins.kubernetes.tests.conftest import MODULE

PAGE = (Path(__file__).parents[3] / "docs" / "plugins" / "kubernetes.md").read_text("utf-8")
CALLS = re.findall(r"`(k8s_\w+\([^`]*\))`", PAGE)


def test_the_settings_are_real() -> None:
    [block] = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
    given = yaml.safe_load(block)["plugins"]["kubernetes"]
    assert set(given) == set(Settings.__struct_fields__)
    settings = convert(given, Settings)
    assert settings.contexts["lab"].writable
    assert not settings.contexts["cloud"].writable
    assert settings.contexts["cloud"].commands == ("aws",)


def test_every_tool_has_a_row_with_its_effect() -> None:
    rows = dict(re.findall(r"^\| `(k8s_\w+)` \|.*\| (\w+)[^|]*\|$", PAGE, re.M))
    tools = {tool.__name__ for tool in mcp_agent_kubernetes.TOOLS}
    assert rows.keys() == tools
    assert set(re.findall(r"`(k8s_\w+)", PAGE)) == tools

    async def effects() -> dict[str, str]:
        async with host_for(MODULE) as host:
            return {tool.name: tool.effect for tool in host.tools()}

    assert rows == asyncio.run(effects())


def test_every_call_of_the_conversation_is_one_that_the_tools_take() -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            for text in CALLS:
                call = ast.parse(text.replace("=true", "=True"), mode="eval").body
                assert isinstance(call, ast.Call)
                assert isinstance(call.func, ast.Name)
                given = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
                if "plan" in given:
                    given["plan"] = "0123456789abcdef"
                host.tool(call.func.id).parse(encode(given))

    assert len(CALLS) >= 9
    asyncio.run(work())
