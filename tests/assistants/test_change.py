"""Changing files of people: what is shown, what is refused, and what comes back."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest

from mcp_agent.clients.change import apply, install, status, tree_of, uninstall
from mcp_agent.clients.launch import Launch, missing, this_agent
from mcp_agent.clients.servers import servers_of
from mcp_agent.clients.table import BY_NAME
from mcp_agent.errors import AgentError
from tests.assistants.machines import LAUNCH, found, input_of

HERE = Launch(sys.executable, ("-m", "mcp_agent", "serve"))


@pytest.mark.parametrize("name", list(BY_NAME))
def test_no_secret_is_shown(name: str, tmp_path: Path) -> None:
    there = found(name, "linux", tmp_path, input_of(name))
    shown = "\n".join(install(there, HERE).diff()) + repr(list(servers_of(there.client, tree_of(there))))
    assert "planted" not in shown


def test_servers_of_others_are_told_apart(tmp_path: Path) -> None:
    lines = {}
    for name in BY_NAME:
        there = found(name, "linux", tmp_path, input_of(name))
        lines |= {one.name: (one.kind, one.line, one.env, one.off) for one in servers_of(there.client, tree_of(there))}
    assert lines["weather"] == ("stdio", "uvx weather-mcp --api-key ***", ("WEATHER_TOKEN",), False)
    assert lines["tickets"] == ("http", "https://tickets.example/mcp?***", (), False)
    assert lines["notes"] == ("http", "https://notes.example/mcp", (), True)
    assert lines["search"] == ("stdio", "npx -y @example/search", ("SEARCH_TOKEN",), True)
    assert lines["docs"] == ("stdio", "npx -y docs-mcp", ("DOCS_TOKEN",), False)
    assert lines["SQLite"] == ("stdio", "npx -y mcp-sqlite", (), False)


def test_what_a_person_added_to_the_entry_stays(tmp_path: Path) -> None:
    there = found("cline", "linux", tmp_path, b"{}")
    apply(install(there, LAUNCH["linux"]), tmp_path)
    tree = json.loads(there.file.read_text())
    tree["mcpServers"]["mcp-agent"] |= {"autoApprove": ["memory_recall"], "env": {"LANG": "de"}}
    there.file.write_text(json.dumps(tree))
    assert not install(there, LAUNCH["linux"]).needed
    apply(install(there, LAUNCH["windows"]), tmp_path)
    entry = json.loads(there.file.read_text())["mcpServers"]["mcp-agent"]
    assert entry["autoApprove"] == ["memory_recall"]
    assert entry["env"] == {"LANG": "de", "MCP_AGENT_HOME": "D:\\mcp agent"}
    assert entry["command"].startswith("C:")


def test_undo_after_an_edit_takes_out_the_entry_only(tmp_path: Path) -> None:
    there = found("zed", "linux", tmp_path, input_of("zed"))
    apply(install(there, LAUNCH["linux"]), tmp_path)
    edited = there.file.read_text().replace('"ui_font_size": 16', '"ui_font_size": 20')
    there.file.write_text(edited)
    apply(install(there, LAUNCH["macos"]), tmp_path)  # another command, into a file that a person changed
    apply(uninstall(there, tmp_path), tmp_path)
    assert '"ui_font_size": 20' in there.file.read_text()
    assert "mcp-agent" not in there.file.read_text()


def test_undo_of_two_installations_brings_back_what_was_before_the_first(tmp_path: Path) -> None:
    there = found("cursor", "linux", tmp_path, input_of("cursor"))
    apply(install(there, LAUNCH["linux"]), tmp_path)
    apply(install(there, LAUNCH["macos"]), tmp_path)
    apply(uninstall(there, tmp_path), tmp_path)
    assert there.file.read_bytes() == input_of("cursor")


def test_without_the_copy_undo_takes_out_the_entry(tmp_path: Path) -> None:
    there = found("cursor", "linux", tmp_path, input_of("cursor"))
    copy = apply(install(there, LAUNCH["linux"]), tmp_path)
    assert copy is not None
    copy.unlink()
    apply(uninstall(there, tmp_path), tmp_path)
    assert there.file.read_bytes() == input_of("cursor")


def test_a_file_that_changed_since_it_was_shown_is_left_alone(tmp_path: Path) -> None:
    there = found("cursor", "linux", tmp_path, b"{}")
    change = install(there, HERE)
    there.file.write_text('{"a": 1}')
    with pytest.raises(AgentError, match="changed meanwhile"):
        apply(change, tmp_path)
    assert there.file.read_text() == '{"a": 1}'


@pytest.mark.skipif(sys.platform == "win32", reason="modes and links of POSIX")
def test_modes_and_links_stay_and_copies_are_private(tmp_path: Path) -> None:
    there = found("cursor", "linux", tmp_path, b"{}")
    real = tmp_path / "dotfiles.json"
    there.file.rename(real)
    real.chmod(0o640)
    there.file.symlink_to(real)
    copy = apply(install(there, HERE), tmp_path / "state")
    assert there.file.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert "mcp-agent" in real.read_text()
    assert copy is not None
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600 or stat.S_IMODE(copy.parent.stat().st_mode) == 0o700


def test_copies_are_bounded(tmp_path: Path) -> None:
    there = found("cursor", "linux", tmp_path, b"{}")
    for number in range(30):
        there.file.write_text(f'{{"n": {number}}}')
        apply(install(there, HERE), tmp_path / "state")
    assert len(list((tmp_path / "state" / "clients").glob("cursor.2*"))) <= 11
    apply(uninstall(there, tmp_path / "state"), tmp_path / "state")
    assert there.file.read_text() == '{"n": 29}'


def test_the_copy_that_undo_needs_is_not_cleared_away(tmp_path: Path) -> None:
    there = found("cursor", "linux", tmp_path, b"{}")
    for _ in range(15):
        for platform in ("linux", "macos"):
            apply(install(there, LAUNCH[platform]), tmp_path / "state")  # type: ignore[index]
    apply(uninstall(there, tmp_path / "state"), tmp_path / "state")
    assert there.file.read_bytes() == b"{}"


def test_an_edit_that_would_change_something_else_is_refused(tmp_path: Path) -> None:
    """Servers that are an alias of something else: what is put into them is put there too."""
    text = b"shared: &shared\n  a: {cmd: x}\nextensions: *shared\n"
    there = found("goose", "linux", tmp_path, text)
    with pytest.raises(AgentError, match="its form leaves no safe place to write to"):
        install(there, HERE)
    assert there.file.read_bytes() == text


@pytest.mark.parametrize(
    "text", [b"\xff\xfe{\x00", b"[1]", b'{"mcpServers": []}', b'"text"', b'{"mcpServers": {"a": "' + b"[" * 500 + b"}"]
)
def test_what_no_client_wrote_is_refused(text: bytes, tmp_path: Path) -> None:
    there = found("cursor", "linux", tmp_path, text)
    for change in (lambda: install(there, HERE), lambda: uninstall(there, tmp_path)):
        with pytest.raises(AgentError, match="was left as it is"):
            change()
    assert status(there, HERE)[0] == "broken"
    assert there.file.read_bytes() == text


def test_how_it_stands(tmp_path: Path) -> None:
    there = found("cursor", "linux", tmp_path, b"{}")
    assert status(there, HERE) == ("not installed", "")
    apply(install(there, Launch(str(tmp_path / "gone"), ("serve",))), tmp_path)
    assert status(there, HERE) == ("points to nothing", f"{tmp_path / 'gone'} is not there.")
    apply(install(there, HERE), tmp_path)
    assert status(there, HERE) == ("installed", "")
    assert status(there, Launch(sys.executable, ("-m", "mcp_agent", "serve", "--config", "x")))[0] == "differs"
    there.file.unlink()
    there.file.parent.rmdir()
    assert status(there, HERE)[0] == "not installed"  # as it was found when it was looked for


def test_this_agent_can_be_started_as_it_says(tmp_path: Path) -> None:
    launch = this_agent(tmp_path / "my.yaml", {"MCP_AGENT_HOME": str(tmp_path)})
    assert missing(launch.command, launch.args) == str(tmp_path / "my.yaml")
    (tmp_path / "my.yaml").touch()
    assert missing(launch.command, launch.args) is None
    assert Path(launch.command).is_absolute()
    assert launch.args[-3:] == ("serve", "--config", str(tmp_path / "my.yaml"))
    assert launch.env == {"MCP_AGENT_HOME": str(tmp_path)}


def test_what_is_cleared_away_is_not_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """uvx runs from a folder in its cache."""
    monkeypatch.setattr(sys, "prefix", "/home/anna/.cache/uv/archive-v0/Xy12")
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    launch = this_agent(environ={})
    assert (launch.command, launch.args[:2], launch.args[-2:]) == (
        "/usr/bin/uv",
        ("tool", "run"),
        ("mcp-agent", "serve"),
    )
