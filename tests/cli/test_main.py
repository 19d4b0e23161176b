"""Commands, misspelt commands, help and exit codes."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from mcp_agent.cli import COMMANDS
from mcp_agent.version import VERSION
from tests.cli.conftest import Ran

Run = Callable[..., Ran]


def test_no_command_is_a_usage_error_that_shows_what_there_is(run: Run) -> None:
    ran = run()
    assert ran.code == 2
    assert all(f"  {name} " in ran.out for name in COMMANDS)
    assert "Name a command" in ran.err


def test_help_shows_every_command_at_80_columns(run: Run) -> None:
    ran = run("--help")
    assert (ran.code, ran.err) == (0, "")
    assert all(f"  {name} " in ran.out for name in COMMANDS)
    assert max(map(len, ran.out.splitlines())) <= 80


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(run: Run, name: str) -> None:
    ran = run(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert f"usage: mcp-agent {name}" in ran.out
    assert "--config FILE" in ran.out


@pytest.mark.parametrize("argv", [["version"], ["--version"]])
def test_version(run: Run, argv: list[str]) -> None:
    ran = run(*argv)
    assert ran.code == 0
    assert ran.out.startswith(f"mcp-agent {VERSION} ")


def test_version_for_programs(run: Run) -> None:
    assert run("version", "--json").json["version"] == VERSION


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["srve"], "There is no command srve. Did you mean serve?"),
        (["xyzzy"], "There is no command xyzzy. 'mcp-agent --help' lists them."),
        (["tools", "lst"], "lst is none of list, show, call. Did you mean list?"),
        (["tools", "--jsn"], "--jsn is not understood here. Did you mean --json?"),
        (["tools", "list", "extra"], "extra is not understood here."),
        (["tools", "show"], "NAME"),
        (["tools", "call"], "the following arguments are required: NAME\n"),
        (["secrets", "set", "steam"], "the following arguments are required: NAME\n"),
        (["undo", "abc"], "argument CHANGE: 'abc' is no whole number"),
        (["calls", "-n", "x"], "argument -n: 'x' is no whole number"),
        (["undo", "9" * 20], "argument CHANGE: 99999999999999999999 is too large"),
        (["calls", "-n", "9" * 20], "is too large"),
        (["audit", "tail", "-n", "9" * 20], "is too large"),
        (["audit", "search", "--text", "\udcff"], "'\\udcff' is no UTF-8 text, so nothing was done."),
        (["tools", "call", "memory_remember", "text=caf\udce9"], "'text=caf\\udce9' is no UTF-8 text"),
        (["tools", "call", "memory_remember", '{"text": "\udce9"}'], "is no UTF-8 text"),
        (["--config"], "--config needs a value, and a command behind it."),
        (["--verbose"], "--verbose is no option here."),
        (["--log-level", "loud", "tools"], "loud is none of debug, info, notice"),
        (["serve", "--http", "8931"], "'8931' is no address: write HOST:PORT"),
        (["serve", "--http", "127.0.0.1:99999"], "is no address"),
        (["serve", "--no-token"], "--no-token goes with --http only"),
        (["serve", "--http", "0.0.0.0:0", "--no-token"], "Without a token"),
    ],
)
def test_mistakes_are_explained_with_exit_code_2(run: Run, argv: list[str], said: str) -> None:
    ran = run(*argv)
    assert ran.code == 2
    assert said in ran.err
    assert ran.err.startswith("mcp-agent: ")
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("argv", [["--config", "{file}", "config", "path"], ["config", "path", "--config", "{file}"]])
def test_the_options_of_all_commands_go_before_and_behind(run: Run, argv: list[str]) -> None:
    ran = run(*(word.format(file="/some/file.yaml") for word in argv))
    assert (ran.code, ran.out.strip()) == (0, "/some/file.yaml")


def test_ctrl_c_is_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(args: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("mcp_agent.cli.version.run", interrupted)
    assert run("version") == Ran(130, "", "")


def test_only_the_command_that_runs_is_imported(run: Run) -> None:
    for name in [name for name in sys.modules if name.startswith("mcp_agent.cli.")]:
        del sys.modules[name]
    run("version")
    commands = {f"mcp_agent.cli.{name}" for name in COMMANDS}
    assert commands & set(sys.modules) == {"mcp_agent.cli.version"}


def test_help_of_demo_needs_no_demo(run: Run) -> None:
    assert "mcp-agent demo" in run("demo", "--help").out
