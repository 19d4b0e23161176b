"""The real programs read what was written for them, and start the real server. None of them needs an account for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mcp_agent.clients.change import apply, install
from mcp_agent.clients.launch import this_agent
from mcp_agent.clients.machine import Machine, find
from mcp_agent.clients.table import BY_NAME, Platform
from tests.real.node import node, npm_packages

pytestmark = pytest.mark.real

CLAUDE_CODE, CODEX, GEMINI = "@anthropic-ai/claude-code@2.1.197", "@openai/codex@0.169.0", "@google/gemini-cli@0.61.0"
NOWHERE = "http://127.0.0.1:9"
"""A proxy that refuses: these programs like to call home."""

Ask = Callable[..., str]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Install into a client in a home of its own, and give what a command of that client prints then."""

    def ask(name: str, *command: str, **variables: str) -> str:
        platforms: dict[str, Platform] = {"darwin": "macos", "win32": "windows"}
        machine = Machine(platforms.get(sys.platform, "linux"), tmp_path, {})
        found = find(BY_NAME[name], machine)
        found.file.parent.mkdir(parents=True, exist_ok=True)
        apply(install(found, this_agent(environ={"MCP_AGENT_HOME": str(tmp_path / "agent")})), tmp_path / "state")
        env = {
            "PATH": os.environ["PATH"], "HOME": str(tmp_path), "USERPROFILE": str(tmp_path),
            "HTTPS_PROXY": NOWHERE, "HTTP_PROXY": NOWHERE, **variables,
        }  # fmt: skip
        done = subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return done.stdout or done.stderr

    return ask


def test_claude_code_connects(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / ".claude").mkdir()
    [program] = (npm_packages(CLAUDE_CODE) / "@anthropic-ai").glob("claude-code-*/claude*")
    quiet = {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "DISABLE_AUTOUPDATER": "1"}
    listed = ask("claude-code", str(program), "mcp", "list", **quiet)
    assert "mcp-agent" in listed
    assert "Connected" in listed


def test_gemini_cli_connects(ask: Ask) -> None:
    program = npm_packages(GEMINI) / "@google" / "gemini-cli" / "bundle" / "gemini.js"
    listed = ask("gemini", str(node()), str(program), "mcp", "list", GEMINI_CLI_TRUST_WORKSPACE="true")
    assert "mcp-agent" in listed
    assert "Connected" in listed


def test_codex_reads_its_entry(ask: Ask, tmp_path: Path) -> None:
    program = npm_packages(CODEX) / "@openai" / "codex" / "bin" / "codex.js"
    [server] = json.loads(ask("codex", str(node()), str(program), "mcp", "list", "--json"))
    launch = this_agent(environ={"MCP_AGENT_HOME": str(tmp_path / "agent")})
    assert (server["name"], server["enabled"]) == ("mcp-agent", True)
    assert server["transport"]["command"] == launch.command
    assert server["transport"]["args"] == list(launch.args)
    assert server["transport"]["env"] == dict(launch.env)
