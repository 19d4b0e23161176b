"""install, uninstall, clients and import, as a person uses them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran

Run = Callable[..., Ran]

VARIABLES = ("XDG_CONFIG_HOME", "CODEX_HOME", "CLAUDE_CONFIG_DIR", "CLINE_MCP_SETTINGS_PATH")


@pytest.fixture
def person(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with Cursor and Codex in it."""
    folder = home / "person"
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setattr("mcp_agent.clients.machine.sys.platform", "linux")
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    (folder / ".cursor").mkdir(parents=True)
    (folder / ".codex").mkdir()
    (folder / ".cursor" / "mcp.json").write_text('{\n  "mcpServers": {} // none yet\n}\n')
    return folder


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_it_shows_asks_writes_and_takes_back(run: Run, person: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = person / ".cursor" / "mcp.json"
    before = file.read_text()
    monkeypatch.setattr("sys.stdin", Terminal("no\ny\ny\n"))
    refused = run("install", "cursor")
    assert refused.code == 0
    assert '+    "mcp-agent": {' in refused.out
    assert refused.out.endswith("Change it? [y/N] Nothing was changed.\n")
    assert file.read_text() == before
    accepted = run("install", "cursor")
    assert f"Written: {file}\nAs it was: " in accepted.out
    assert "Restart Cursor." in accepted.out
    assert "// none yet" in file.read_text()
    assert "nothing to do, it is already in" in run("install", "cursor").out
    assert f"Written: {file}" in run("install", "cursor", "--undo").out
    assert file.read_text() == before
    assert "nothing to do, it is not in" in run("uninstall", "cursor", "--yes").out


def test_nobody_to_ask_changes_nothing(run: Run, person: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    ran = run("install", "codex")
    assert ran.code == 1
    assert "--yes goes ahead without asking" in ran.err
    assert not (person / ".codex" / "config.toml").exists()


def test_a_dry_run_changes_nothing(run: Run, person: Path) -> None:
    ran = run("install", "--all", "--dry-run")
    assert ran.code == 0
    assert "+[mcp_servers.mcp-agent]" in ran.out
    assert list((person / ".codex").iterdir()) == []
    assert list(person.rglob("*.json")) == [person / ".cursor" / "mcp.json"]


def test_a_broken_file_holds_up_no_other(run: Run, person: Path) -> None:
    broken = person / ".cursor" / "mcp.json"
    broken.write_text("{ broken")
    ran = run("install", "--all", "--yes")
    assert ran.code == 1
    assert f"Cursor: {broken} was left as it is: line 1:" in ran.err
    assert broken.read_text() == "{ broken"
    assert "mcp-agent" in (person / ".codex" / "config.toml").read_text()
    assert "broken" in run("clients").out


def test_what_was_written_starts_the_real_server(run: Run, person: Path) -> None:
    run("install", "cursor", "--yes")
    entry = json.loads((person / ".cursor" / "mcp.json").read_text().replace("// none yet", ""))["mcpServers"]
    words = [entry["mcp-agent"]["command"], *entry["mcp-agent"]["args"]]
    hello = {
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
    }  # fmt: skip
    done = subprocess.run(
        words, input=json.dumps(hello) + "\n", capture_output=True, text=True, timeout=60, check=False,
        env={"PATH": "/nonexistent", **entry["mcp-agent"].get("env", {})},
    )  # fmt: skip
    assert json.loads(done.stdout)["result"]["serverInfo"]["name"] == "mcp-agent", done.stderr


def test_clients_for_programs(run: Run, person: Path) -> None:
    found = {one["name"]: one for one in run("clients", "--json").json}
    assert len(found) == 13
    assert found["cursor"] == {
        "name": "cursor", "title": "Cursor", "file": str(person / ".cursor" / "mcp.json"), "status": "not installed",
        "reason": "",
    }  # fmt: skip
    assert found["zed"]["status"] == "not here"


def test_wrong_words_are_answered(run: Run, person: Path) -> None:
    assert "There is no client cursr. Did you mean cursor?" in run("install", "cursr").err
    assert run("install", "cursr").code == 2
    named = run("install")
    assert named.code == 2
    assert "--all for all that are here: cursor, codex" in named.err
    assert "Did you mean zed?" in run("import", "zedd").err


def test_a_snippet_for_any_other(run: Run, person: Path) -> None:
    ran = run("install", "other")
    assert ran.code == 0
    text = ran.out
    entry = json.loads(text[text.index("{") : text.rindex("}") + 1])["mcpServers"]["mcp-agent"]
    assert entry["args"][-1] == "serve"
    assert text.rstrip().endswith("serve")


def test_import_lists_the_servers_of_others_without_their_secrets(run: Run, person: Path) -> None:
    git = {"command": "uvx", "args": ["mcp-git", "--token=planted-1"], "env": {"GIT_TOKEN": "planted-2"}}
    (person / ".cursor" / "mcp.json").write_text(json.dumps({"mcpServers": {"git": git, "mcp-agent": git, "x": {}}}))
    (person / ".codex" / "config.toml").write_text("[mcp_servers.git]\ncommand = 'uvx'\nenabled = false\n")
    ran = run("import")
    assert ran.code == 0
    assert "git: Cursor, Codex CLI (off)" in ran.out
    assert "uvx mcp-git --token=***" in ran.out
    assert "GIT_TOKEN (values are not shown)" in ran.out
    assert "no: it is neither a command nor an address" in ran.out
    assert [one["name"] for one in run("import", "--json").json] == ["git", "x", "git"]
    for shown in (ran, run("import", "--json"), run("import", "cursor")):
        assert "planted" not in shown.out + shown.err
        assert "mcp-agent:" not in shown.out


def test_the_commands_are_there_in_a_process_of_their_own(person: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mcp_agent", "import"], capture_output=True, text=True, timeout=60, check=True
    )
    assert "No client on this machine starts another MCP server." in done.stdout
