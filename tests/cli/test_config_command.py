"""config init, show, check and path."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import yaml

from mcp_agent import config_file
from mcp_agent.config import Config
from tests.cli.conftest import Ran

Run = Callable[..., Ran]


def test_init_writes_the_defaults_with_what_each_is_for(run: Run, home: Path) -> None:
    ran = run("config", "init")
    file = home / "config.yaml"
    assert ran == Ran(0, f"Written: {file}\n", "")
    assert config_file.load(file, environ={}) == Config()
    text = file.read_text()
    assert "  # Threads of each plugin, for libraries that block.\n  threads: 8\n" in text
    assert "# Bounds that keep one client or one tool from using up the machine.\nlimits:\n" in text
    assert "One of debug, info, notice," in text
    assert "  # memory:\n  #   enabled: true\n" in text  # plugins that are installed, to be filled in
    assert run("config", "check").code == 0


def test_init_writes_over_nothing(run: Run, home: Path) -> None:
    file = home / "config.yaml"
    file.write_text("# mine\n")
    ran = run("config", "init")
    assert ran.code == 1
    assert "--force replaces it" in ran.err
    assert file.read_text() == "# mine\n"
    assert run("config", "init", "--force").code == 0
    assert config_file.load(file, environ={}) == Config()


def test_init_says_why_it_cannot(run: Run, home: Path) -> None:
    (home / "file").write_text("")
    ran = run("config", "init", "--config", str(home / "file" / "config.yaml"))
    assert ran.code == 1
    assert "cannot be written" in ran.err


def test_show_says_where_each_value_comes_from(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = home / "config.yaml"
    file.write_text("limits:\n  threads: 3\n  page_size: 250\nplugins:\n  memory:\n    enabled: false\n")
    monkeypatch.setenv("MCP_AGENT__LIMITS__IN_FLIGHT", "50")
    ran = run("config", "show")
    assert (ran.code, ran.err) == (0, "")
    lines = {line.split(":")[0].strip(): line for line in ran.out.splitlines()}
    assert lines["threads"].endswith(f"# {file}, line 2")
    assert lines["in_flight"].endswith("# MCP_AGENT__LIMITS__IN_FLIGHT")
    assert lines["enabled"].endswith(f"# {file}, line 6")
    assert "#" not in lines["page_size"]  # in the file, at its default
    assert "#" not in lines["max_bytes"]
    shown = yaml.safe_load(ran.out)
    assert msgspec.convert(shown, Config).limits.in_flight == 50


def test_show_for_programs(run: Run, home: Path) -> None:
    (home / "config.yaml").write_text("limits: {threads: 3}\n")
    shown = run("config", "--json").json
    assert shown["config"]["limits"]["threads"] == 3
    assert shown["sources"] == {"limits.threads": f"{home / 'config.yaml'}, line 1"}


def test_show_without_a_file(run: Run) -> None:
    ran = run("config", "show")
    assert ran.code == 0
    assert "not there: everything is at its default" in ran.out


def test_check_finds_everything_that_is_wrong_plugins_too(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = home / "config.yaml"
    file.write_text("limits:\n  threads: 0\nplugins:\n  memroy: {}\n  system:\n    colour: red\nlimts: {}\n")
    monkeypatch.setenv("MCP_AGENT__LOG__LEVEL", "loud")
    ran = run("config", "check")
    assert (ran.code, ran.out) == (2, "")
    assert f"{file}, line 2: limits.threads was 0, but must be a whole number of at least 1." in ran.err
    assert f"{file}, line 4: plugins.memroy belongs to no plugin that is installed. Did you mean memory?" in ran.err
    assert f"{file}, line 6: plugins.system.colour is no setting" in ran.err
    assert f"{file}, line 7: limts is no setting. Did you mean limits?" in ran.err
    assert 'MCP_AGENT__LOG__LEVEL: log.level was "loud", but must be one of' in ran.err
    assert len(ran.err.splitlines()) == 5
    checked = run("config", "check", "--json")
    assert checked.code == 2
    assert checked.json["ok"] is False
    assert checked.json["problems"][0].keys() == {"source", "line", "key", "message"}
    assert {(one["key"], one["line"]) for one in checked.json["problems"]} == {
        ("limits.threads", 2), ("plugins.memroy", 4), ("plugins.system.colour", 6), ("limts", 7), ("log.level", None),
    }  # fmt: skip


def test_check_of_what_is_right(run: Run, home: Path) -> None:
    assert "everything is at its default" in run("config", "check").out
    (home / "config.yaml").write_text("limits: {threads: 3}\n")
    assert run("config", "check") == Ran(0, f"{home / 'config.yaml'} is right.\n", "")


def test_a_file_that_was_named_must_be_there(run: Run, home: Path) -> None:
    for action in ("check", "show"):
        ran = run("config", action, "--config", str(home / "none.yaml"))
        assert ran.code == 2
        assert "none.yaml: There is no such file." in ran.err


def test_path(run: Run, home: Path) -> None:
    assert run("config", "path").out == f"{home / 'config.yaml'}\n"
    assert run("config", "path", "--json").json == {"path": str(home / "config.yaml"), "found": False}
