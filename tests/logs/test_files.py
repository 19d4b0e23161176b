"""The files of the log: new ones begun, old ones deleted, shared by processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from mcp_agent.config import LogSettings
from mcp_agent.logs.files import LogFile
from tests.logs.written import lines_of

DAY = 86_400.0


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
