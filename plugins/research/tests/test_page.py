"""docs/plugins/research.md: the conversation is held, call by call; no tool is left out, no setting or test made up."""

from __future__ import annotations

import ast
import asyncio
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from mcp_agent_research.settings import Settings

from mcp_agent import Host, ToolError
from mcp_agent.testing import ScriptedCaller, host_for
from tests.support.research import MODULE, OFFLINE

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "plugins" / "research.md").read_text()
CALL = re.compile(r"`(research_\w+\([^`]*\))`")

KEEPER = (
    "# The lighthouse\n\nThe lighthouse of Bengtskar was lit for the first time in 1906, after a ship had gone down.\n"
)
WAR = "# The war\n\nIn 1914 the lighthouse of Bengtskar was bombed and mined, and its lantern was destroyed.\n"
OUT = ("research_papers", "research_doi", "research_fetch")
"""Calls of the conversation that need a network: here they are refused in words."""
NO_OFFICE = "made by the office plugin"


def calls() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for text in CALL.findall(PAGE):
        call = ast.parse(text, mode="eval").body
        assert isinstance(call, ast.Call)
        assert isinstance(call.func, ast.Name)
        values = {
            str(word.arg): word.value.id if isinstance(word.value, ast.Name) else ast.literal_eval(word.value)
            for word in call.keywords
        }
        found.append((call.func.id, values))
    return found


async def until_done(host: Host) -> None:
    async with asyncio.timeout(30):
        while True:
            jobs = (await host.call("research_status", {})).data["result"]
            if all(job["status"] != "running" for job in jobs):
                return
            await asyncio.sleep(0.02)


def test_the_conversation(tmp_path: Path) -> None:
    folder = tmp_path / "lighthouse"
    folder.mkdir()
    (folder / "first.md").write_text(KEEPER)
    (folder / "war.md").write_text(WAR)
    said: dict[str, str] = {}

    async def work() -> None:
        async with host_for(MODULE, {**OFFLINE, "folders": [{"path": str(tmp_path)}]}) as host:
            job, person = "", ScriptedCaller(elicit=[{"decision": "allow once"}])
            for name, arguments in calls():
                given = {key: job if value == "JOB" else value for key, value in arguments.items()}
                if "folder" in given:
                    given["folder"] = given["folder"].replace("~/Documents", str(tmp_path))
                if name in OUT:
                    assert await refused(host, name, given)
                    continue
                if "format" in given:  # with the office plugin it is in test_files.py
                    with pytest.raises(ToolError, match=NO_OFFICE):
                        await host.call(name, given)
                    continue
                result = await host.call(name, given, person)
                said[name] = result.text
                if name == "research_start":
                    job = result.data["job"]
                    await until_done(host)
                if name == "research_report":
                    text = result.data["markdown"]
                    shown = re.search(r"```markdown\n(.*?)```", PAGE, re.S)
                    assert shown is not None
                    for line in shown[1].splitlines():
                        assert line.partition(". ~")[0] in text, line
                    assert result.data["verified"]

            assert "text from outside" in person.asked[0][1]["message"]

    asyncio.run(work())
    assert '"read":2' in said["research_index_documents"]
    assert "lit for the first time in 1906" in said["research_local"]
    assert "It does not stand there" in said["research_verify"]
    assert '"verified":false' in said["research_verify"]


async def refused(host: Host, name: str, arguments: dict[str, Any]) -> bool:
    if name == "research_fetch":
        return True  # it would leave the machine
    try:
        await host.call(name, arguments)
    except ToolError as error:
        return "switched" in str(error) or "reached" in str(error)
    return False


def test_every_tool_is_on_the_page_and_every_test_exists() -> None:
    async def work() -> set[str]:
        async with host_for(MODULE, OFFLINE) as host:
            return {tool.name for tool in host.tools()}

    tools = asyncio.run(work())
    table = PAGE.partition("## Tools")[2].partition("## Settings")[0]
    assert tools == set(re.findall(r"`(research_\w+)`", table))
    for path, _, name in re.findall(r"`(plugins/research/tests/\w+\.py)(::(\w+))?`", PAGE):
        assert f"def {name}" in (ROOT / path).read_text()


def test_the_settings_are_settings() -> None:
    [block] = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
    settings = msgspec.convert(yaml.safe_load(block)["plugins"]["research"], Settings)
    assert settings.model.name == "qwen3"
