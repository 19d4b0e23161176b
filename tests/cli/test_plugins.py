"""plugins list, info, new, enable and disable."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import SAMPLE, Ran

Run = Callable[..., Ran]


def test_list(run: Run) -> None:
    ran = run("plugins", *SAMPLE)
    assert (ran.code, ran.err) == (0, "")
    rows = {line.split()[0]: line.split() for line in ran.out.splitlines()}
    assert rows["PLUGIN"] == ["PLUGIN", "VERSION", "STATUS", "TOOLS"]
    assert rows["sample"] == ["sample", "-", "active", "10"]
    assert rows["memory"][2] == "active"


def test_list_shows_what_failed_and_why_at_80_columns(run: Run, home: Path) -> None:
    (home / "config.yaml").write_text("plugins:\n  sample: {tmes: 3}\n  memory: {enabled: false}\n")
    ran = run("plugins", "list", *SAMPLE)
    assert ran.code == 0
    words = " ".join(ran.out.split())
    assert "sample - failed 0 It has no setting tmes. Did you mean times?" in words
    assert "disabled 0 Switched off; 'mcp-agent plugins enable memory' switches it on." in words
    assert max(map(len, ran.out.splitlines())) <= 80


def test_list_for_programs(run: Run) -> None:
    records = {one["name"]: one for one in run("plugins", "--json", *SAMPLE).json}
    assert records["sample"]["status"] == "active"
    assert records["sample"]["reason"] is None
    assert "sample_greet" in records["sample"]["tools"]


def test_info_shows_settings_with_defaults_and_descriptions(run: Run, home: Path) -> None:
    (home / "config.yaml").write_text("plugins:\n  sample:\n    times: 3\n")
    ran = run("plugins", "info", "sample", *SAMPLE)
    assert (ran.code, ran.err) == (0, "")
    words = " ".join(ran.out.split())
    assert words.startswith("sample: Sample Tools for the tests of the command line.")
    assert "status active" in words
    assert "sample_greet Greet somebody" in words
    assert "times 3 How often. (a whole number from 1 to 9) Default: 1." in words
    assert "greeting Hello What to say first. (text)" in words
    assert "folder music (a file path)" in words


def test_info_for_programs(run: Run) -> None:
    info = run("plugins", "info", "sample", "--json", *SAMPLE).json
    assert info["settings"][1] == {
        "name": "times", "description": "How often.", "allowed": "a whole number from 1 to 9", "default": 1, "value": 1,
    }  # fmt: skip


def test_info_of_a_plugin_that_fails_says_why(run: Run) -> None:
    ran = run("plugins", "info", "nowhere", "--plugin", "tests.cli.nowhere")
    assert ran.code == 0
    assert "could not be imported" in ran.out


@pytest.mark.parametrize("action", ["info", "enable", "disable"])
def test_a_misspelt_plugin_is_recognised(run: Run, home: Path, action: str) -> None:
    ran = run("plugins", action, "memroy")
    assert (ran.code, ran.out) == (1, "")
    assert "There is no plugin memroy. Did you mean memory?" in ran.err
    assert not (home / "config.yaml").exists()


def test_switching_off_and_on(run: Run, home: Path) -> None:
    file = home / "config.yaml"
    assert run("plugins", "disable", "memory").code == 0
    assert file.read_text() == "plugins:\n  memory:\n    enabled: false\n"
    statuses = {one["name"]: one["status"] for one in run("plugins", "--json").json}
    assert statuses["memory"] == "disabled"
    assert "switched off already" in run("plugins", "disable", "memory").out
    assert run("plugins", "enable", "memory").code == 0
    assert file.read_text() == "plugins:\n  memory:\n    enabled: true\n"
    statuses = {one["name"]: one["status"] for one in run("plugins", "--json").json}
    assert statuses["memory"] == "active"


def test_switching_on_what_is_on_writes_nothing(run: Run, home: Path) -> None:
    ran = run("plugins", "enable", "memory")
    assert (ran.code, ran.out) == (0, "memory is switched on already.\n")
    assert not (home / "config.yaml").exists()


def test_switching_in_a_file_of_another_name(run: Run, home: Path) -> None:
    file = home / "mine.yaml"
    file.write_text("# mine\n")
    assert run("plugins", "disable", "memory", "--config", str(file)).code == 0
    assert file.read_text() == "# mine\nplugins:\n  memory:\n    enabled: false\n"
    assert not (home / "config.yaml").exists()


def test_the_environment_stands_over_the_file_and_that_is_said(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MCP_AGENT__PLUGINS__MEMORY__ENABLED", "false")
    ran = run("plugins", "enable", "memory")
    assert ran.code == 1
    assert "MCP_AGENT__PLUGINS__MEMORY__ENABLED says otherwise" in ran.err


def test_a_file_that_cannot_be_edited_is_left_alone(run: Run, home: Path) -> None:
    text = "plugins:\n  memory: null\n"
    (home / "config.yaml").write_text(text)
    ran = run("plugins", "disable", "memory")
    assert ran.code == 2
    assert "was left as it is" in ran.err
    assert ran.err.endswith("plugins:\n  memory:\n    enabled: false\n")
    assert (home / "config.yaml").read_text() == text


def test_new_delegates_to_the_scaffold(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def write_plugin(name: str, folder: Path) -> Path:
        asked.append((name, folder))
        return folder / name

    scaffold = types.ModuleType("mcp_agent.cli.scaffold")
    scaffold.write_plugin = write_plugin  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "mcp_agent.cli.scaffold", scaffold)
    monkeypatch.chdir(home)
    ran = run("plugins", "new", "dice")
    assert ran.code == 0
    assert asked == [("dice", home)]
    assert str(home / "dice") in ran.out
