"""The official Python and TypeScript clients: list, call, read, prompt, complete and elicit, in both eras."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.clients.spawned import SERVE, run
from tests.real.node import node, npm_packages
from tests.real.python_env import python_env

HERE = Path(__file__).parent
LEGACY, MODERN = "2025-11-25", "2026-07-28"

MODES = {"legacy": LEGACY, "auto": MODERN, MODERN: MODERN}
"""What each client can be told about versions, and what must come of it: both probe with ``server/discover`` when
they may choose. The Python client pins a version without asking the server anything, so it learns no name."""

pytestmark = pytest.mark.real


class Session(NamedTuple):
    """One whole session of one client in one mode, and all that came back."""

    client: Callable[[str, Path], Any]
    mode: str
    got: Any


def python(mode: str, home: Path) -> Any:
    script = [python_env("mcp==2.3.0"), HERE / "official_python.py"]
    return run([*script, mode, home / "agent", *SERVE], home).json


def typescript(mode: str, home: Path) -> Any:
    modules = npm_packages("@modelcontextprotocol/client@2.4.0")
    script = [node(), HERE / "official_typescript.mjs", modules]
    return run([*script, mode, home / "agent", *SERVE], home).json


@pytest.fixture(
    scope="module",
    params=[(client, mode) for client in (python, typescript) for mode in MODES],
    ids=lambda param: f"{param[0].__name__}-{param[1]}",
)
def session(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Session:
    client, mode = request.param
    return Session(client, mode, client(mode, tmp_path_factory.mktemp("home")))


def test_the_era_is_the_one_that_was_asked_for(session: Session) -> None:
    assert session.got["version"] == MODES[session.mode]
    anonymous = session.client is python and session.mode == MODERN
    assert session.got["server"] == (None if anonymous else "mcp-agent")


def test_lists(session: Session) -> None:
    got = session.got
    assert {"echo", "ask", "test_simple_text"} <= set(got["tools"])
    schema = got["echo_schema"]
    assert (schema["type"], schema["required"], schema["properties"]["text"]["type"]) == ("object", ["text"], "string")
    assert {"test://static-text", "test://static-binary"} <= set(got["resources"])
    assert "test://template/{id}/data" in got["templates"]
    assert {"test_simple_prompt", "test_prompt_with_arguments"} <= set(got["prompts"])


def test_calls(session: Session) -> None:
    got = session.got
    assert got["echo"] == "hällo ✓"
    assert got["refused"]["is_error"] is True
    assert "text" in got["refused"]["text"]
    assert "txt" in got["refused"]["text"]


def test_what_is_no_number_arrives_as_an_error_that_says_so(session: Session) -> None:
    """Both clients hold a result to its schema, and would lose all of it over a null."""
    assert session.got["half"] == {"result": 0.5}
    assert session.got["infinite"]["is_error"] is True
    assert session.got["infinite"]["text"].startswith("ratio ran, but result is not a number")


def test_reads(session: Session) -> None:
    got = session.got
    assert got["read"] == "This is the content of the static text resource."
    assert got["made"] == {"id": "42", "templateTest": True, "data": "Data for ID: 42"}


def test_prompts(session: Session) -> None:
    got = session.got
    assert got["prompt"] == "Prompt with arguments: arg1='one', arg2='two'"


def test_completes(session: Session) -> None:
    got = session.got
    assert got["completion"] == ["paris", "park", "party"]
    assert got["no_completion"] == []


def test_is_asked_once_and_its_answer_arrives(session: Session) -> None:
    got = session.got
    assert got["questions"] == [{"message": "Name?", "fields": ["name"]}]
    assert got["asked"] == "Hello Ada"
