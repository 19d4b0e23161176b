"""mcp-agent audit: what was done, and proof of it."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mcp_agent.paths import default_paths
from tests.cli.conftest import Ran
from tests.store.audited import KEY, FakeClock, entry, fill

Run = Callable[..., Ran]
JANUARY = 1_767_268_800.0
"""2026-01-01T12:00:00Z"""


@pytest.fixture
def folder(home: Path) -> Path:
    """Ten calls an hour apart, the last three of another tool and with a quote in it."""
    paths = default_paths()
    paths.state.mkdir(parents=True)
    paths.audit_key.write_bytes(KEY)
    calls = [
        entry(number, at=JANUARY + 3600 * number, tool="shop_add" if number < 7 else "home_light",
              arguments=None if number < 7 else b'{"room":"Kitchen, \\"south\\"","level":-1}')
        for number in range(10)
    ]  # fmt: skip
    calls[3].outcome = "denied"
    fill(paths.audit_folder, calls, clock=FakeClock(JANUARY))
    return paths.audit_folder


def test_verify_says_that_it_holds(run: Run, folder: Path) -> None:
    done = run("audit", "verify")
    assert (done.code, "11 rows in 1 file" in done.out, "every link of the chain holds" in done.out) == (0, True, True)


def test_verify_says_what_does_not_hold_and_fails(run: Run, folder: Path) -> None:
    with closing(sqlite3.connect(folder / "audit.sqlite")) as connection, connection:
        connection.execute("drop trigger log_keeps_rows")
        connection.execute("update log set row = replace(row, 'denied', 'ok') where seq = 5")
    done = run("audit", "verify")
    assert done.code == 1
    assert "audit.sqlite, row 5: It does not fit" in done.out
    assert run("audit", "verify", "--json").json["findings"][0]["row"] == 5


def test_verify_makes_no_key_where_there_is_none(run: Run, folder: Path) -> None:
    key = default_paths().audit_key
    key.unlink()
    assert run("audit", "verify").code == 1
    assert not key.exists()


def test_tail_shows_the_latest_oldest_first(run: Run, folder: Path) -> None:
    lines = run("audit", "tail", "-n", "4").out.splitlines()
    assert ["shop_add" in line for line in lines] == [True, False, False, False]
    assert '{"number":6}' in lines[0]
    assert len(run("audit", "tail").out.splitlines()) == 11
    assert [json.loads(line)["seq"] for line in run("audit", "tail", "-n", "2", "--json").out.splitlines()] == [10, 11]


@pytest.mark.parametrize(
    ("options", "seqs"),
    [
        (("--tool", "home_*"), [9, 10, 11]),
        (("--tool", "shop_add", "--outcome", "denied"), [5]),
        (("--principal", "stdio:*", "--text", "KITCHEN"), [9, 10, 11]),
        (("--since", "2026-01-01T14:00Z", "--until", "2026-01-01T16:00Z"), [4, 5]),
        (("--since", "1s"), []),
        (("--tool", "shop"), []),
    ],
)
def test_search_shows_what_fits(run: Run, folder: Path, options: tuple[str, ...], seqs: list[int]) -> None:
    done = run("audit", "search", *options, "--json")
    assert [json.loads(line)["seq"] for line in done.out.splitlines()] == seqs
    assert ("No entry fits" in done.err) == (not seqs)


def test_a_time_that_is_none_is_explained(run: Run, folder: Path) -> None:
    done = run("audit", "search", "--since", "yesterday")
    assert (done.code, "'yesterday' is no time" in done.err) == (2, True)


def test_an_export_can_be_verified_without_this_program(run: Run, folder: Path, tmp_path: Path) -> None:
    assert run("audit", "export", str(tmp_path / "out.jsonl")).code == 0
    previous = bytes(32)
    for line in (tmp_path / "out.jsonl").read_text().splitlines():
        text = line.removeprefix('{"hash":"' + json.loads(line)["hash"] + '","row":').removesuffix("}")
        previous = hashlib.sha256(previous + text.encode()).digest()
        assert json.loads(line)["hash"] == previous.hex()
    assert json.loads(line)["row"]["seq"] == 11


def test_an_export_as_a_table(run: Run, folder: Path, tmp_path: Path) -> None:
    assert run("audit", "export", "--format", "csv", str(tmp_path / "out.csv")).code == 0
    with (tmp_path / "out.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    assert (len(table), table[1]["time"], table[1]["tool"]) == (11, "2026-01-01T12:00:00+00:00", "shop_add")
    assert json.loads(table[9]["arguments"]) == {"room": 'Kitchen, "south"', "level": -1}


def test_an_export_to_a_place_that_does_not_exist(run: Run, folder: Path, tmp_path: Path) -> None:
    done = run("audit", "export", str(tmp_path / "no" / "out"))
    assert (done.code, "could not be written" in done.err) == (1, True)


def test_without_a_log(run: Run, home: Path) -> None:
    assert "begins with the first call" in run("audit", "tail").err
    assert run("audit", "verify").code == 0
    assert run("audit").code == 2


def test_following_shows_what_comes(home: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "mcp_agent", "audit", "tail", "-n", "1", "--follow", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert json.loads(process.stdout.readline())["seq"] == 11
            fill(folder, [entry(77)])
            assert json.loads(process.stdout.readline())["arguments"] == {"number": 77}
        finally:
            process.kill()
