"""mcp-agent setup with plain questions, answered from a pipe."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mcp_agent import Finding, Setup, config_file
from mcp_agent.plugins import discover
from mcp_agent.wizard.answers import read_answer
from mcp_agent.wizard.plugins import Subject, look_around
from tests.cli.conftest import Ran
from tests.cli.test_install import person  # noqa: F401
from tests.plugins.settled import Settings

Run = Callable[..., Ran]
Answer = Callable[..., Ran]
pytestmark = pytest.mark.usefixtures("person")
SETTLED = ("--plugin", "tests.plugins.settled")


@pytest.fixture
def answer(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> Answer:
    def answer(*argv: str, lines: list[str]) -> Ran:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        return run("setup", *argv)

    return answer


def section(home: Path) -> object:
    return config_file.load(home / "config.yaml").plugins.get("settled")


def test_one_plugin_from_beginning_to_end(answer: Answer, run: Run, home: Path) -> None:
    (home / "config.yaml").write_text("# mine\nlog:\n  level: debug # much\n")
    lines = ["1", "", "500", "80", "kitchen, hall", "", "planted-token", "", "y"]
    ran = answer(*SETTLED, "settled", lines=lines)
    assert ran.code == 0, ran.err
    assert section(home) == {
        "url": "http://kettle.local", "quiet": True, "degrees": 80, "rooms": ["kitchen", "hall"],
    }  # fmt: skip
    assert (home / "config.yaml").read_text().startswith("# mine\nlog:\n  level: debug # much\n")
    assert [one["name"] for one in run("secrets", "--json").json] == ["token"]
    assert "settled: http://kettle.local, 80 degrees, 13 characters" in ran.out
    assert "plugins.settled.degrees was 500, but must be" in ran.out
    assert "One that its own settings do not take" not in ran.out
    assert "planted" not in ran.out + ran.err + (home / "config.yaml").read_text()
    again = answer(*SETTLED, "settled", lines=["4", "", "", "", "", "", ""])
    assert again.code == 0
    assert "This will be written" not in again.out
    assert "Where the kettle is.\nsettled: url [http://kettle.local]: " in again.out
    assert "It is set; leave it empty to keep it." in again.out
    assert "80 degrees, 13 characters" in again.out


def test_what_is_found_is_added_to_what_is_there(answer: Answer, home: Path) -> None:
    (home / "config.yaml").write_text("plugins:\n  settled:\n    cups:\n      blue: 1 # mine\n")
    ran = answer(*SETTLED, "settled", lines=["3", "", "", "", "", "", "", "y"])
    assert ran.code == 0, ran.err
    assert section(home) == {"cups": {"green": 2, "blue": 1}}
    assert "      blue: 1 # mine\n" in (home / "config.yaml").read_text()


@pytest.mark.parametrize("lines", [[], ["1"], ["1", "", "", "", "", "planted", "", "n"], ["4", "http://x"]])
def test_nothing_is_written_before_the_end(answer: Answer, run: Run, home: Path, lines: list[str]) -> None:
    ran = answer(*SETTLED, "settled", lines=lines)
    assert ran.code == 1
    assert "othing was changed" in ran.err
    assert not (home / "config.yaml").exists()
    assert run("secrets", "--json").json == []


def test_plugins_and_assistants_are_chosen(answer: Answer, home: Path, person: Path) -> None:  # noqa: F811
    installed = [one.name for one in discover() if one.distribution != "mcp-agent-host"]
    memory = str(installed.index("memory") + 1)
    ran = answer(lines=["99", "memory", memory, "y", "1", "y"])  # wrong answers are asked for again
    assert ran.code == 0, ran.err
    assert "Numbers from 1 to" in ran.out
    sections = config_file.load(home / "config.yaml").plugins
    assert sections == {name: {"enabled": False} for name in installed if name != "memory"}
    assert "1. [x] Cursor" in ran.out
    assert "mcp-agent" in (person / ".cursor" / "mcp.json").read_text()
    assert not (person / ".codex" / "config.toml").exists()
    system_back = answer("system", lines=["y"])
    assert "system: enabled = true" in system_back.out
    assert config_file.load(home / "config.yaml").plugins["system"] == {"enabled": True}


def test_a_plugin_that_does_not_load_is_left_out(answer: Answer) -> None:
    ran = answer("--plugin", "tests.plugins.no_such_plugin", "no_such_plugin", lines=[])
    assert ran.code == 0
    assert "no_such_plugin does not load and is left out" in ran.out
    assert "Did you mean memory?" in answer("memroy", lines=[]).err


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("degrees", "80", 80), ("rooms", "[a, b]", ["a", "b"]), ("rooms", "a, b", ["a", "b"]), ("rooms", "a", ["a"]),
        ("quiet", "yes", True), ("url", "80", "80"), ("url", "{", "{"), ("sound", "beep", "beep"),
        ("manual", "/a b/c: d", "/a b/c: d"), ("url", "null", "null"),
    ],
)  # fmt: skip
def test_answers_become_values_of_their_type(key: str, text: str, value: object) -> None:
    assert read_answer("settled", Settings, key, text) == (value, None)


@pytest.mark.parametrize(("key", "text"), [("degrees", "hot"), ("degrees", "200"), ("sound", "roar"), ("quiet", "7")])
def test_answers_that_do_not_fit_are_told(key: str, text: str) -> None:
    value, wrong = read_answer("settled", Settings, key, text)
    assert value is None
    assert wrong is not None
    assert f"settled.{key} was" in wrong


def looking(find: Callable[[], object]) -> Subject:
    return Subject(
        name="settled", title="", description="", shape=Settings, settings={},
        setup=Setup(find=find),  # type: ignore[arg-type]
    )  # fmt: skip


def test_nobody_waits_for_a_plugin_that_looks_for_ever() -> None:
    enough = threading.Event()

    def find() -> object:
        yield Finding("one", {"url": "a"})
        enough.wait()
        yield Finding("two", {"url": "b"})

    found = look_around(looking(find), seconds=0.2)
    enough.set()
    assert [finding.what for finding in found] == ["one"]


def test_a_plugin_that_fails_to_look_finds_nothing() -> None:
    def find() -> object:
        raise SystemExit("a library that ends the process")

    assert look_around(looking(find)) == []


def test_plain_questions_break_no_word(answer: Answer) -> None:
    ran = answer(lines=[])
    assert "\n  3. [x] Desktop: " in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80
