"""Text from anywhere is only text to a terminal, on stdout and on stderr."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable

import pytest

from mcp_agent.cli import main
from mcp_agent.cli.output import complain, say, say_json, say_table
from mcp_agent.cli.person import Person

EVIL = "\x1b]0;owned\x07 \x1b[2J \x9b31m \r\x08"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def fails() -> None:
    assert main(["tools", "show", EVIL]) == 1


def asks() -> None:
    """A yes or no, as it is put when an assistant's call is tried out by hand."""
    schema = {"properties": {EVIL: {"type": "string", "title": EVIL, "enum": [EVIL]}}}
    params = {"message": EVIL, "requestedSchema": schema}
    asyncio.run(Person().ask({"question": ("elicitation/create", params)}))


SHOWN: dict[str, Callable[[], object]] = {
    "say": lambda: say(EVIL), "say_json": lambda: say_json({"a": EVIL}), "say_table": lambda: say_table([[EVIL, EVIL]]),
    "complain": lambda: complain(EVIL), "an error": fails, "a question": asks,
}  # fmt: skip


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
def test_no_control_character_reaches_a_terminal(show: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr("sys.stdin", Terminal("1\n"))
    show()
    said = terminal.getvalue()
    assert "owned" in said
    assert not [character for character in said if character != "\n" and not character.isprintable()]


def test_a_pipe_gets_it_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr("sys.stdout", pipe)
    say(EVIL)
    assert pipe.getvalue() == EVIL + "\n"
