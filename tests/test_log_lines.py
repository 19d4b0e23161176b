"""Logs of others: whole lines, however they arrive; the last of those that are wanted; and from when on."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_agent import LogLines, LogSieve, ToolError, log_since
from mcp_agent.log_lines import LONGEST_LINE

NOON = 1_769_860_800.0
"""2026-01-31T12:00:00Z."""
LOG = b"""INFO started
ERROR cannot connect
Traceback (most recent call last):
  File "a.py", line 1
    connect()
ConnectionError: refused
INFO 200 GET /terrors
WARN slow
java.lang.IllegalStateException: no
\tat com.example.Main
level=info msg="0 items"
panic: runtime
""".splitlines()


def sifted(lines: list[bytes], most: int, grep: str | None = None, *, errors: bool = False) -> LogSieve:
    sieve = LogSieve(most, grep=grep, errors=errors)
    for line in lines:
        sieve.add(line)
    return sieve


@given(st.binary(max_size=200), st.lists(st.integers(1, 20), max_size=20))
def test_however_a_log_is_cut_its_lines_are_the_same(text: bytes, cuts: list[int]) -> None:
    lines, at, found = LogLines(), 0, list[bytes]()
    for length in [*cuts, len(text)]:
        found += lines.feed(text[at : at + length])
        at += length
    found += lines.end()
    *whole, rest = text.split(b"\n")
    assert found == [line.rstrip(b"\r") for line in whole] + ([rest] if rest else [])


def test_a_line_without_an_end_is_cut_and_takes_no_memory() -> None:
    lines = LogLines()
    for _ in range(1000):
        assert list(lines.feed(b"x" * 16384)) == []
    assert list(lines.feed(b"\nnext\n")) == [b"x" * LONGEST_LINE, b"next"]
    assert list(lines.feed(b"y" * 16384 + b"\n")) == [b"y" * LONGEST_LINE]
    assert list(lines.feed(b"z" * 16384)) == []
    assert list(lines.end()) == [b"z" * LONGEST_LINE]


def test_errors_bring_their_stack_traces_and_nothing_else() -> None:
    sieve = sifted(LOG, 100, errors=True)
    assert list(sieve.lines) == [*LOG[1:6], *LOG[8:10], LOG[11]]
    assert (sieve.read, sieve.matched, sieve.more) == (len(LOG), 5, False)


@pytest.mark.parametrize(
    "line",
    [
        "Error: x", "err=1", "[crit] x", "Segmentation fault", "OOMKilled", "oom-killed", "Killed process 1",
        "cannot x", "HTTP 502 Bad Gateway", '"GET /" 503 1', "it timed out", "ValueError", "exception", "ALERT",
    ],
)  # fmt: skip
def test_what_tells_of_an_error(line: str) -> None:
    assert sifted([line.encode()], 1, errors=True).matched == 1


@pytest.mark.parametrize("line", ["terrors", "skilled", "no problem", '"GET /" 200 1', "took 500 ms", "deserred"])
def test_what_does_not(line: str) -> None:
    assert sifted([line.encode()], 1, errors=True).matched == 0


@given(st.lists(st.sampled_from([b"ERROR a", b"fine", b"  below", b"\tbelow"]), max_size=40), st.integers(1, 5))
def test_the_last_errors_are_kept_with_what_is_below_them(given: list[bytes], most: int) -> None:
    sieve, everything = sifted(given, most, errors=True), sifted(given, 1000, errors=True)
    assert sieve.read == len(given)
    assert sieve.matched == given.count(b"ERROR a")
    assert list(sieve.lines) == list(everything.lines)[-most:]
    assert b"fine" not in everything.lines
    assert sieve.more == (len(everything.lines) > most)
    assert not everything.more


def test_a_trace_without_an_end_is_cut() -> None:
    assert len(sifted([b"ERROR", *[b"  deeper"] * 1000], 5000, errors=True).lines) == 31


def test_an_expression_picks_lines_and_both_together_those_that_fit_both() -> None:
    assert sifted(LOG, 100, "^INFO").texts() == ["INFO started", "INFO 200 GET /terrors"]
    assert sifted(LOG, 100, "connect", errors=True).texts() == ["ERROR cannot connect"]
    last = sifted(LOG, 1, "INFO")
    assert (last.texts(), last.matched, last.more, last.picks) == (["INFO 200 GET /terrors"], 2, True, True)


@pytest.mark.parametrize("grep", [None, ""])
def test_without_an_expression_all_lines_are_wanted(grep: str | None) -> None:
    sieve = sifted([b"one", b"two \xff", b"three"], 2, grep)
    assert (sieve.texts(), sieve.picks, sieve.more) == (["two \ufffd", "three"], False, True)
    assert not sifted([b"one"], 2, grep).more


def test_what_is_no_expression_is_refused() -> None:
    with pytest.raises(ToolError, match=r"'line \(' is no regular expression: missing \): line \(\."):
        LogSieve(1, grep="line (")


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("15m", 900), (" 2 h ", 7200), ("3d", 259_200), ("0s", 0), ("2026-01-31T08:00:00Z", 14_400),
        ("2026-01-31T08:00:00", 14_400), ("2026-01-31T08:00:00-05:00", -3600), ("2026-01-31", 43_200),
    ],
)  # fmt: skip
def test_from_when_on(text: str, ago: float) -> None:
    assert log_since(text, NOON) == NOON - ago


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="The zone of a process cannot be set here.")
def test_a_time_without_a_zone_is_utc_wherever_the_machine_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        try:
            assert log_since("2026-01-31T12:00:00", 0.0) == NOON
        finally:
            elsewhere.undo()
            time.tzset()


@pytest.mark.parametrize("text", ["yesterday", "", "15", "m", "15 minutes", "1234567m", "2026-13-01"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ToolError, match="is no time"):
        log_since(text, NOON)
