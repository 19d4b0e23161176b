"""A password in the configuration is a mistake, and what people paste into a question for help must not show it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mcp_agent.config_file.hiding import without_logins
from tests.cli.conftest import Ran

Run = Callable[..., Ran]
WRONG = """\
plugins:
  database:
    connections:
      one: {url: "postgresql://anna:hunter2hunter@db.example.org/shop"}
      two: {url: "postgresql://db.example.org/shop?user=anna&password=hunter2hunter&x=1"}
      three: {url: "mongodb://anna@db/shop?authMechanismProperties=A:b,AWS_SESSION_TOKEN:hunter2hunter"}
"""


@pytest.mark.parametrize(
    "words",
    [
        ("config", "check"), ("config", "show"), ("config", "show", "--json"), ("doctor",), ("plugins", "list"),
        ("plugins", "info", "database"), ("plugins", "info", "database", "--json"),
    ],
)  # fmt: skip
def test_no_command_shows_it(run: Run, home: Path, words: tuple[str, ...]) -> None:
    (home / "config.yaml").write_text(WRONG)
    ran = run(*words)
    said = " ".join((ran.out + ran.err).split())
    assert "hunter2" not in said
    if words != ("plugins", "list"):
        assert "postgresql://anna:***@db.example.org/shop" in said
        assert "user=anna&password=***&x=1" in said


@pytest.mark.parametrize("text", ["http://[::1]:8931", "a: b@c", "https://x/y?page=2", "12:30", "~/files, ~/more"])
def test_nothing_else_is_hidden(text: str) -> None:
    assert without_logins({"a": [text, 1, None]}) == {"a": [text, 1, None]}
