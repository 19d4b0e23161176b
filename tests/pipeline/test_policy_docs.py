"""The pages on policies and security are held to the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mcp_agent import Host, config_file
from mcp_agent.config import Config
from mcp_agent.model import Tool, ToolResult
from mcp_agent.pipeline.policy import Policy
from tests.support.served import in_loop

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
EXAMPLES = dict(
    re.findall(r"^## ([^\n]+)\n(?:(?!^## ).)*?```yaml\n(.*?)```", (DOCS / "policy.md").read_text(), re.S | re.M)
)

CASES: dict[str, list[tuple[str, str, str, dict[str, Any], str]]] = {
    "The front door": [
        ("home_call_guarded_service", "destructive", "cli", {"entity_ids": ["lock.front_door"]}, "ask call"),
        ("home_call_guarded_service", "destructive", "cli", {"entity_ids": ["lock.front_door", "lock.back"]}, "deny"),
        ("home_call_guarded_service", "destructive", "cli", {"entity_ids": ["lock.back"]}, "deny"),
        ("home_call_guarded_service", "destructive", "cli", {"entity_ids": []}, "deny"),
        ("home_call_guarded_service", "destructive", "cli", {}, "ask call"),
        ("home_call_service", "write", "stdio:x", {}, "allow"),
        ("home_bulk_control", "write", "stdio:x", {}, "ask session"),
    ],
    "Amounts": [
        ("bank_pay", "destructive", "stdio:x", {"amount": 20.0}, "allow"),
        ("bank_pay", "destructive", "stdio:x", {"amount": 20.5}, "ask call"),
        ("bank_pay", "destructive", "stdio:x", {"amount": 501.0}, "deny"),
        ("bank_pay", "destructive", "stdio:x", {"amount": "20"}, "deny"),
    ],
    "Read-only": [
        ("home_light", "write", "cli", {}, "deny"),
        ("home_look", "read", "stdio:x", {}, "allow"),
    ],
    "One client is trusted": [
        ("home_light", "write", "stdio:my-editor", {}, "allow"),
        ("home_unlock", "destructive", "stdio:my-editor", {}, "ask call"),
        ("home_light", "write", "stdio:other", {}, "ask session"),
        ("home_light", "write", "http:x", {}, "deny"),
        ("home_look", "read", "http:x", {}, "allow"),
    ],
    "Asking every time": [
        ("home_light", "write", "stdio:x", {}, "ask call"),
        ("home_light", "write", "cli", {}, "ask call"),
        ("home_look", "read", "stdio:x", {}, "allow"),
    ],
    "Nobody at the terminal": [("home_unlock", "destructive", "stdio:x", {}, "ask call")],
}


def config_of(example: str, folder: Path) -> Config:
    file = folder / "config.yaml"
    file.write_text(EXAMPLES[example])
    return config_file.load(file, environ={})


def test_every_example_is_here() -> None:
    assert set(EXAMPLES) == set(CASES)


@pytest.mark.parametrize("example", CASES)
def test_each_example_does_what_it_says(example: str, tmp_path: Path) -> None:
    policy = Policy(config_of(example, tmp_path).policy)
    for name, effect, principal, arguments, expected in CASES[example]:
        tool = _tool(name, effect)
        verdict = policy.decide(tool, principal, lambda given=arguments: given)  # type: ignore[misc]
        said = f"ask {verdict.every}" if verdict.decision == "ask" else verdict.decision
        assert said == expected, (name, principal, arguments, verdict)


def test_nobody_at_the_terminal_is_a_no(tmp_path: Path) -> None:
    config = config_of("Nobody at the terminal", tmp_path)

    async def work() -> None:
        from mcp_agent.errors import Denied
        from mcp_agent.testing import ScriptedCaller

        async with Host(config, modules=["tests.plugins.doors"], installed=False, on_disk=False) as host:
            with pytest.raises(Denied, match="no way to ask"):
                await host.call("door_unlock", {"door": "front"}, ScriptedCaller())

    in_loop(work)


def test_each_promise_names_a_test_that_exists() -> None:
    promises = (DOCS / "security.md").read_text().partition("## What is promised")[2].partition("\n## ")[0]
    rows = [row for row in promises.splitlines() if row.startswith("| ") and not row.startswith(("| ---", "| promise"))]
    assert len(rows) > 5
    for row in rows:
        named = re.search(r"`(tests/[\w/]+\.py)::(test_\w+)`", row)
        assert named is not None, row
        assert re.search(rf"^(async )?def {named[2]}\(", (ROOT / named[1]).read_text(), re.M), row


def _tool(name: str, effect: Any) -> Tool:
    return Tool(
        name=name, plugin=name.partition("_")[0], description="A tool.", input_schema={}, effect=effect,
        parse=msgspec.json.decode, invoke=lambda context, arguments: arguments, render=lambda value: ToolResult(),
    )  # fmt: skip
