"""Nobody who logs ever waits, and no place holds up another."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import logs
from mcp_agent.config import LogSettings
from mcp_agent.logs.lane import Lane
from tests.logs.test_lines import Hostile
from tests.logs.written import lines_of, log, record


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
