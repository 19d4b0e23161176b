"""The lines of the log: whatever is logged is one of them, at the level of its place."""

from __future__ import annotations

import json
import logging
import os
import re
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import logs
from mcp_agent.config import LogSettings
from mcp_agent.logs.forms import json_line, level_name, text_line
from mcp_agent.model import LOG_LEVELS
from tests.logs.written import lines_of, log, record

# --- forms ---------------------------------------------------------------------------------------


def test_a_line_holds_what_was_said(configured: Any, file: Path) -> None:
    configured(stderr=None)
    log.info("hello %s", "world", extra={"trace_id": "abc", "tool": "echo", "count": 3})
    configured.close()
    (line,) = lines_of(file)
    at = datetime.fromisoformat(line.pop("time"))
    assert at.utcoffset() is not None
    assert at.utcoffset().total_seconds() == 0  # type: ignore[union-attr]
    assert line == {
        "level": "info", "logger": "tests.logs", "message": "hello world", "trace_id": "abc",
        "tool": "echo", "count": 3,
    }  # fmt: skip


def test_an_exception_is_kept_with_its_traceback(configured: Any, file: Path) -> None:
    configured(stderr=None)
    try:
        raise ValueError("broken")
    except ValueError:
        log.exception("it failed")
    configured.close()
    (line,) = lines_of(file)
    assert line["level"] == "error"
    assert line["exception"].startswith("Traceback (most recent call last)")
    assert line["exception"].endswith("ValueError: broken")


class Hostile:
    def __str__(self) -> str:
        raise OSError("no text")

    __repr__ = __str__


@pytest.mark.parametrize(
    ("message", "extras"),
    [
        ("two\nlines", {}),
        ("lone \ud800 surrogate", {}),
        ("x", {"extra": "\ud800"}),
        ("x", {"extra": {1, 2}}),
        ("x", {"extra": {(1, 2): object()}}),
        ("x", {"extra": object()}),
        ("x", {"level": "mine", "message": "mine", "time": "mine"}),
    ],
)
def test_whatever_is_logged_is_one_line_of_json(message: str, extras: dict[str, Any]) -> None:
    text = json_line(record(message, **extras), message)
    assert text.count(b"\n") == 1
    said = json.loads(text)
    assert (said["level"], said["logger"]) == ("info", "tests.logs")
    assert said["message"].startswith(message[:3])


def test_a_circle_is_one_line_too() -> None:
    circle: list[Any] = []
    circle.append(circle)
    assert json.loads(json_line(record(circle=circle), "x"))["message"] == "x"


def test_what_is_very_long_is_cut() -> None:
    said = json.loads(json_line(record(), "x" * 100_000))
    assert len(said["message"]) < 40_000
    assert said["message"].endswith("(100000 characters)")


def test_the_readable_form_is_one_line_without_control_characters() -> None:
    error = ValueError("why\x1b[31m")
    made = record(levelno=logging.WARNING, exc_info=(ValueError, error, None))
    text = text_line(made, "a\nb\x07c").decode()
    assert re.fullmatch(r"\d\d:\d\d:\d\d WARNING tests\.logs: a b c \(ValueError: why \[31m\)\n", text)


def test_the_levels_of_mcp_are_kept() -> None:
    assert list(logs.LEVELS) == list(LOG_LEVELS)
    assert [level_name(number) for number in logs.LEVELS.values()] == list(LOG_LEVELS)
    assert [level_name(number) for number in (0, 5, 21, 99)] == ["debug", "debug", "info", "emergency"]


# --- levels and places ---------------------------------------------------------------------------


def test_each_place_has_its_level(configured: Any, file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    configured(LogSettings(level="info", stderr_level="error"))
    log.debug("one")
    log.info("two")
    log.log(logs.LEVELS["notice"], "three")
    log.error("four")
    configured.close()
    assert [(line["level"], line["message"]) for line in lines_of(file)] == [
        ("info", "two"), ("notice", "three"), ("error", "four"),
    ]  # fmt: skip
    assert [line.split(" ", 1)[1] for line in capfd.readouterr().err.splitlines()] == ["ERROR tests.logs: four"]


def test_closing_gives_the_logging_module_back_as_it_was(file: Path) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    close = logs.configure(file, LogSettings(level="debug"), stderr=None)
    assert root.level == logging.DEBUG
    close()
    assert (root.level, root.handlers) == before


def test_the_files_are_for_their_owner_only(configured: Any, file: Path) -> None:
    configured(stderr=None)
    log.info("x")
    configured.close()
    if os.name == "posix":
        assert file.stat().st_mode & 0o077 == 0
        assert file.parent.stat().st_mode & 0o077 == 0


def test_no_thread_and_no_file_before_something_is_logged(configured: Any, file: Path) -> None:
    configured(stderr=None)
    assert not [thread for thread in threading.enumerate() if thread.name == "log"]
    log.info("x")
    assert [thread for thread in threading.enumerate() if thread.name == "log"]
    configured.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "log"]
