"""The official Inspector on its command line: list, call, read and prompt, in both eras.

It has no way to complete an argument or to answer a question (its methods are listed in its own error, below), so
what is tested of those two is that a client which cannot be asked is told so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.clients.spawned import SERVE, Ended, run
from tests.real.node import node, npm_packages

ERAS = {"legacy": "2025-11-25", "modern": "2026-07-28", "auto": "2026-07-28"}

pytestmark = pytest.mark.real


class Inspector:
    """One command at a time, each with a server of its own."""

    def __init__(self, era: str, home: Path) -> None:
        package = npm_packages("@modelcontextprotocol/inspector@2.12.0") / "@modelcontextprotocol" / "inspector"
        self._home = home
        self._program = [node(), package / "clients" / "launcher" / "build" / "index.js", "--cli"]
        self._options = ["--protocol-era", era, "--format", "json", "-e", f"MCP_AGENT_HOME={home / 'agent'}"]
        self.modern = ERAS[era] == "2026-07-28"

    def try_(self, method: str, *options: str) -> Ended:
        return run([*self._program, "--method", method, *options, *self._options, "--", *SERVE], self._home)

    def do(self, method: str, *options: str) -> Any:
        return self.try_(method, *options).json["result"]


@pytest.fixture(params=ERAS)
def inspector(request: pytest.FixtureRequest, tmp_path: Path) -> Inspector:
    return Inspector(request.param, tmp_path)


def test_speaks_the_era_it_was_told(inspector: Inspector, request: pytest.FixtureRequest) -> None:
    got = inspector.do("initialize")
    assert got["protocolVersion"] == ERAS[request.node.callspec.params["inspector"]]
    assert got["serverInfo"]["name"] == "mcp-agent"
    assert {"tools", "resources", "prompts", "completions"} <= set(got["capabilities"])


def test_lists_tools_resources_templates_and_prompts(inspector: Inspector) -> None:
    tools = {tool["name"]: tool for tool in inspector.do("tools/list")["tools"]}
    assert tools["echo"]["inputSchema"]["required"] == ["text"]
    assert "test://static-text" in [one["uri"] for one in inspector.do("resources/list")["resources"]]
    templates = inspector.do("resources/templates/list")["resourceTemplates"]
    assert "test://template/{id}/data" in [one["uriTemplate"] for one in templates]
    assert "test_simple_prompt" in [one["name"] for one in inspector.do("prompts/list")["prompts"]]


def test_calls_a_tool(inspector: Inspector) -> None:
    got = inspector.do("tools/call", "--tool-name", "echo", "--tool-arg", "text=hällo ✓")
    assert got["content"] == [{"type": "text", "text": "hällo ✓"}]


def test_reads_a_resource(inspector: Inspector) -> None:
    got = inspector.do("resources/read", "--uri", "test://static-text")
    assert [one["text"] for one in got["contents"]] == ["This is the content of the static text resource."]
    assert ("ttlMs" in got) == inspector.modern


def test_gets_a_prompt(inspector: Inspector) -> None:
    arguments = ("--prompt-args", "arg1=one", "arg2=two")
    got = inspector.do("prompts/get", "--prompt-name", "test_prompt_with_arguments", *arguments)
    assert got["messages"][0]["content"]["text"] == "Prompt with arguments: arg1='one', arg2='two'"


def test_is_told_that_it_cannot_be_asked(inspector: Inspector) -> None:
    ended = inspector.try_("tools/call", "--tool-name", "ask")
    assert ended.code != 0
    assert "elicitation" in ended.out + ended.err


def test_has_no_completion_of_its_own(tmp_path: Path) -> None:
    ended = Inspector("auto", tmp_path).try_("completion/complete")
    assert ended.code != 0
    assert "Unsupported method: completion/complete" in ended.out + ended.err
