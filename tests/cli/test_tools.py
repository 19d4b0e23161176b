"""tools list, show and call."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import SAMPLE, Ran

Run = Callable[..., Ran]


def call(run: Run, *argv: str) -> Ran:
    return run("tools", "call", *SAMPLE, *argv)


def test_list_is_neat_at_80_columns(run: Run) -> None:
    ran = run("tools", *SAMPLE)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0].split() == ["TOOL", "EFFECT"]
    assert max(map(len, lines)) <= 80
    effects = {line.split()[0]: line.split()[1] for line in lines[1:] if line.startswith("sample_")}
    assert effects["sample_greet"] == "write"
    assert any(line.endswith("Give all arguments back") for line in lines)  # the first sentence only


def test_list_for_programs(run: Run) -> None:
    for argv in (["tools", "--json", *SAMPLE], ["tools", "list", "--json", *SAMPLE]):
        tools = {tool["name"]: tool for tool in run(*argv).json}
        assert tools["sample_greet"]["effect"] == "write"
        assert tools["sample_greet"]["plugin"] == "sample"


def test_show(run: Run) -> None:
    ran = run("tools", "show", "sample_greet", *SAMPLE)
    assert ran.code == 0
    words = " ".join(ran.out.split())
    assert "name text, required. Who is greeted" in words
    assert "effect write" in words
    assert "idempotent" in words
    assert "up to 5 seconds" in words
    assert "whole a whole number, 0 if left out." in " ".join(run("tools", "show", "sample_kinds", *SAMPLE).out.split())
    assert "takes no arguments" in run("tools", "show", "sample_who", *SAMPLE).out


def test_show_for_programs(run: Run) -> None:
    tool = run("tools", "show", "sample_greet", "--json", *SAMPLE).json
    assert tool["inputSchema"]["required"] == ["name"]
    assert tool["outputSchema"] is None


@pytest.mark.parametrize("action", ["show", "call"])
def test_a_misspelt_tool_is_recognised(run: Run, action: str) -> None:
    ran = run("tools", action, "sample_gret", *SAMPLE)
    assert (ran.code, ran.out) == (1, "")
    assert "There is no tool sample_gret. Did you mean sample_greet" in ran.err


@pytest.mark.parametrize(
    ("words", "got"),
    [
        (["text=12"], {"text": "12"}),
        (["text=true"], {"text": "true"}),
        (["text=a=b"], {"text": "a=b"}),
        (["text="], {"text": ""}),
        (['text={"a": 1}'], {"text": '{"a": 1}'}),
        (["whole=12", "number=2"], {"whole": 12, "number": 2.0}),
        (["number=-2.5e3"], {"number": -2500.0}),
        (["yes=true"], {"yes": True}),
        (["yes=True"], {"yes": True}),
        (['names=["a", "b"]'], {"names": ["a", "b"]}),
        (["names=a", "names=b"], {"names": ["a", "b"]}),
        (["names=7"], {"names": ["7"]}),
        (["names=null"], {"names": None}),
        (["counts=7", "counts=8"], {"counts": [7, 8]}),
        (['table={"a": [1]}'], {"table": {"a": [1]}}),
        (["choice=left"], {"choice": "left"}),
        (["choice=null"], {"choice": None}),
        (["either=5"], {"either": 5}),
        (["either=five"], {"either": "five"}),
        (['{"text": "a", "whole": 3}'], {"text": "a", "whole": 3}),
        (['{"text": "a"}', "whole=3"], {"text": "a", "whole": 3}),
    ],
)
def test_words_are_read_by_the_schema(run: Run, words: list[str], got: dict[str, Any]) -> None:
    ran = call(run, "sample_kinds", *words)
    assert ran.code == 0, ran.err
    answer = json.loads(ran.out)
    assert {key: answer[key] for key in got} == got


def test_options_may_stand_between_the_arguments(run: Run) -> None:
    ran = call(run, "sample_kinds", "whole=1", "--json", "text=a")
    assert ran.json["structuredContent"]["text"] == "a"
    assert ran.json["structuredContent"]["whole"] == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["whole=many"], 1, 'whole was "many", but must be a whole number'),
        (["choice=up"], 1, "choice"),
        (["wole=1"], 1, "Did you mean whole?"),
        (["whole"], 2, "'whole' is no argument: write key=value"),
        (["=1"], 2, "is no argument"),
        (["{whole: 1}"], 2, "The JSON is not readable"),
        (["whole=1", "whole=2"], 2, "whole was given twice"),
    ],
)
def test_wrong_arguments_are_explained(run: Run, words: list[str], code: int, said: str) -> None:
    ran = call(run, "sample_kinds", *words)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_results_as_text(run: Run) -> None:
    assert call(run, "sample_greet", "name=Ada").out == "Hello, Ada!\n"
    assert json.loads(call(run, "sample_list").out) == [1, 2]
    picture = call(run, "sample_picture").out
    assert "[image, image/png, 4 bytes; --json has them]" in picture
    assert "[resource file:///a: a]" in picture


def test_results_for_programs(run: Run) -> None:
    assert call(run, "sample_greet", "name=Ada", "--json").json == {
        "content": [{"type": "text", "text": "Hello, Ada!"}],
        "isError": False,
    }
    picture = call(run, "sample_picture", "--json").json["content"][0]
    assert picture == {"type": "image", "data": "iVBORw==", "mimeType": "image/png"}
    assert call(run, "sample_list", "--json").json["structuredContent"] == {"result": [1, 2]}


@pytest.mark.parametrize(
    ("tool", "said"),
    [
        ("sample_refuse", "The door is locked. Knock.\n"),
        ("sample_unhappy", "No luck.\n"),
    ],
)
def test_a_tool_that_fails_is_1(run: Run, tool: str, said: str) -> None:
    assert call(run, tool) == Ran(1, "", said)
    ran = call(run, tool, "--json")
    assert ran.code == 1
    assert ran.json["isError"] is True
    assert ran.json["content"][0]["text"] + "\n" == said


def test_a_bug_is_in_the_log_under_its_trace_id_and_nowhere_else(run: Run, home: Path) -> None:
    ran = call(run, "sample_bug")
    assert ran.code == 1
    assert "secret" not in ran.err
    lines = [json.loads(line) for line in (home / "state" / "log" / "mcp-agent.jsonl").read_text().splitlines()]
    logged = next(line for line in lines if "exception" in line)
    assert logged["trace_id"] in ran.err
    assert "ZeroDivisionError: a secret" in logged["exception"]


def test_what_a_tool_prints_is_not_its_result(run: Run) -> None:
    assert call(run, "sample_noise") == Ran(0, "signal\n", "noise\n")


def test_the_caller_is_the_command_line(run: Run) -> None:
    assert call(run, "sample_who").out == "cli\n"


def test_settings_reach_the_plugin(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "config.yaml").write_text("plugins:\n  sample:\n    greeting: Servus\n")
    monkeypatch.setenv("MCP_AGENT__PLUGINS__SAMPLE__TIMES", "2")
    assert call(run, "sample_greet", "name=Ada").out == "Servus, Ada! Servus, Ada!\n"


def test_a_wrong_configuration_is_2(run: Run, home: Path) -> None:
    (home / "config.yaml").write_text("limits:\n  in_flite: 3\n")
    ran = call(run, "sample_who")
    assert (ran.code, ran.out) == (2, "")
    assert "config.yaml, line 2: limits.in_flite is no setting. Did you mean in_flight?" in ran.err


def test_the_log_is_shown_when_asked_for(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from mcp_agent.cli import main

    assert main(["tools", "call", *SAMPLE, "sample_bug"]) == 1
    assert "ERROR" not in capfd.readouterr().err
    assert main(["tools", "call", *SAMPLE, "sample_bug", "--log-level", "error"]) == 1
    assert "ERROR mcp_agent.host: Tool sample_bug failed" in capfd.readouterr().err


def test_a_plugin_that_does_not_load_is_said_before_its_tools_are_missed(run: Run) -> None:
    ran = run("tools", "call", "--plugin", "tests.cli.smaple", "sample_list")
    assert ran.code == 1
    first, second = ran.err.splitlines()
    assert first.startswith("Plugin tests.cli.smaple failed: It could not be imported: ModuleNotFoundError")
    assert second.startswith("mcp-agent: There is no tool sample_list.")
