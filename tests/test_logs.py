"""The log: its lines, its files, and that nobody who logs ever waits."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import logs
from mcp_agent.config import LogSettings
from mcp_agent.logs.files import LogFile
from mcp_agent.logs.forms import json_line, level_name, text_line
from mcp_agent.logs.lane import Lane
from mcp_agent.model import LOG_LEVELS

DAY = 86_400.0
log = logging.getLogger("tests.logs")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "log" / "agent.jsonl"


@pytest.fixture
def configured(file: Path) -> Iterator[Callable[..., None]]:
    closers: list[Callable[[], None]] = []

    def configure(settings: LogSettings = LogSettings(), **options: Any) -> None:  # noqa: B008  frozen
        closers.append(logs.configure(file, settings, **options))

    def close() -> None:
        while closers:
            closers.pop()()

    configure.close = close  # type: ignore[attr-defined]
    yield configure
    close()


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def record(text: str = "hello", /, **changes: Any) -> logging.LogRecord:
    made = logging.LogRecord("tests.logs", logging.INFO, "", 0, text, None, None)
    vars(made).update(changes)
    return made


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


# --- the queue -----------------------------------------------------------------------------------


class Place:
    """Somewhere to write to that can be held up."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.writing = threading.Event()
        self.free = threading.Event()

    def write(self, lines: list[bytes], now: float) -> None:
        self.writing.set()
        assert self.free.wait(30)
        self.lines += lines


def plain(record: logging.LogRecord, message: str) -> bytes:
    return message.encode()


def test_who_logs_never_waits_and_what_is_dropped_is_counted() -> None:
    place = Place()
    lane = Lane(logging.INFO, plain, place.write, 5)
    lane.handle(record("first"))
    assert place.writing.wait(30)  # and from here on it is held up
    logging_on = threading.Thread(target=lambda: [lane.handle(record(str(number))) for number in range(8)], daemon=True)
    logging_on.start()
    logging_on.join(10)
    waited = logging_on.is_alive()
    place.free.set()
    assert not waited
    lane.close()
    assert place.lines[:6] == [b"first", b"0", b"1", b"2", b"3", b"4"]
    assert place.lines[6].startswith(b"3 records were dropped")
    assert len(place.lines) == 7


def test_one_place_that_is_held_up_does_not_hold_up_another() -> None:
    stuck, well = Place(), Place()
    well.free.set()
    lanes = [Lane(logging.INFO, plain, place.write, 5) for place in (stuck, well)]
    for lane in lanes:
        lane.handle(record("x"))
    assert stuck.writing.wait(30)
    lanes[1].close()
    assert well.lines == [b"x"]
    assert stuck.lines == []
    stuck.free.set()
    lanes[0].close()
    assert stuck.lines == [b"x"]


def test_arguments_count_as_they_were_when_logged() -> None:
    place = Place()
    lane = Lane(logging.INFO, plain, place.write, 5)
    changing = [1]
    lane.handle(logging.LogRecord("x", logging.INFO, "", 0, "%s", (changing,), None))
    changing.append(2)
    place.free.set()
    lane.close()
    assert place.lines == [b"[1]"]


@pytest.mark.parametrize(("message", "arguments"), [("%d", ("x",)), ("%s %s", (1,)), ("%(a)s", ({"b": 1},))])
def test_a_mistake_of_who_logs_does_not_cost_the_record(message: str, arguments: tuple[Any, ...]) -> None:
    place = Place()
    place.free.set()
    lane = Lane(logging.INFO, plain, place.write, 5)
    lane.handle(logging.LogRecord("x", logging.INFO, "", 0, message, arguments, None))
    lane.close()
    assert place.lines[0].startswith(message.encode())


def test_a_record_that_cannot_be_written_does_not_end_the_log(configured: Any, file: Path) -> None:
    configured(stderr=None)
    log.info("bad", extra={"it": Hostile()})
    log.info("good")
    configured.close()
    messages = [line["message"] for line in lines_of(file)]
    assert messages == ["A record could not be written (OSError: no text): bad", "good"]


def test_a_place_that_cannot_be_written_is_told_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "log").write_text("in the way")
    close = logs.configure(tmp_path / "log" / "agent.jsonl", LogSettings(), stderr=None)
    for _ in range(500):
        log.info("x")
    close()
    assert capfd.readouterr().err.count("mcp-agent cannot write its log") == 1


# --- files ---------------------------------------------------------------------------------------


def old_files(file: Path) -> list[Path]:
    return sorted(file.parent.glob("agent.*.jsonl"))


def test_a_new_file_begins_at_a_size(file: Path) -> None:
    log_file = LogFile(file, LogSettings(max_bytes=10))
    log_file.write([b"1234\n", b"5678\n", b"abcd\n"], DAY)
    log_file.write([b"a line that is longer than a file\n"], DAY)
    assert [path.read_bytes() for path in old_files(file)] == [b"1234\n5678\n", b"abcd\n"]
    assert file.read_bytes() == b"a line that is longer than a file\n"


def test_a_new_file_begins_with_the_day(file: Path) -> None:
    log_file = LogFile(file, LogSettings())
    log_file.write([b"late\n"], 5 * DAY - 10)
    os.utime(file, (5 * DAY - 10, 5 * DAY - 10))
    log_file.write([b"later\n"], 5 * DAY - 1)
    os.utime(file, (5 * DAY - 1, 5 * DAY - 1))
    log_file.write([b"early\n"], 5 * DAY + 1)
    assert [path.read_bytes() for path in old_files(file)] == [b"late\nlater\n"]
    assert file.read_bytes() == b"early\n"


def test_old_files_are_deleted_beyond_a_number(file: Path) -> None:
    log_file = LogFile(file, LogSettings(max_bytes=5, keep_files=2))
    for number in range(6):
        log_file.write([b"%d\n" % number * 2], 0)
    assert [path.read_bytes() for path in old_files(file)] == [b"3\n3\n", b"4\n4\n"]
    assert file.read_bytes() == b"5\n5\n"


def test_old_files_are_deleted_after_some_days_even_when_little_is_logged(file: Path) -> None:
    file.parent.mkdir()
    for name, days in (("agent.2020.jsonl", 40), ("agent.2021.jsonl", 20), ("another.jsonl", 40)):
        (file.parent / name).write_text("old")
        os.utime(file.parent / name, (DAY * (100 - days), DAY * (100 - days)))
    LogFile(file, LogSettings(keep_days=30)).write([b"x\n"], DAY * 100)
    assert [path.name for path in old_files(file)] == ["agent.2021.jsonl"]
    assert (file.parent / "another.jsonl").exists()


def test_a_file_that_somebody_moved_away_is_begun_anew(file: Path) -> None:
    log_file = LogFile(file, LogSettings())
    log_file.write([b"one\n"], 0)
    file.rename(file.with_suffix(".moved"))
    log_file.write([b"two\n"], 0)
    assert file.read_bytes() == b"two\n"


WRITER = """
import logging, pathlib, sys
from mcp_agent import logs
from mcp_agent.config import LogSettings
logs.configure(pathlib.Path(sys.argv[1]), LogSettings(max_bytes=20_000, keep_files=1000), stderr=None)
for number in range(1000):
    logging.getLogger(sys.argv[2]).info("%d %s", number, "x" * 100)
"""


def test_several_processes_write_into_one_log_and_lose_nothing_at_their_end(file: Path) -> None:
    names = ["a", "b", "c"]
    started = [subprocess.Popen([sys.executable, "-c", WRITER, str(file), name]) for name in names]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    lines = [line for path in [*old_files(file), file] for line in lines_of(path)]
    assert len(old_files(file)) > 10
    for name in names:
        numbers = [int(line["message"].split()[0]) for line in lines if line["logger"] == name]
        assert sorted(numbers) == list(range(1000))
    assert max(path.stat().st_size for path in old_files(file)) <= 20_000


UNREAD = """
import logging, pathlib, sys
from mcp_agent import logs
from mcp_agent.config import LogSettings
close = logs.configure(pathlib.Path(sys.argv[1]), LogSettings(stderr_level="info"))
for number in range(2000):
    logging.getLogger("x").info("%d %s", number, "x" * 1000)
logging.getLogger("x").info("last")
"""


def test_a_stderr_that_nobody_reads_costs_neither_the_log_nor_the_end(file: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", UNREAD, str(file)], stderr=subprocess.PIPE) as process:
        assert process.wait(60) == 0
        assert len(lines_of(file)) == 2001
        assert process.stderr is not None
        process.stderr.read()
