"""Frames are cut into lines, however they arrive."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st
from mcp_agent_containers.logs import LONGEST_LINE, Lines, Sieve, pattern

LINE = st.binary(max_size=60).map(lambda raw: raw.replace(b"\n", b"").replace(b"\r", b""))


def frames(parts: list[tuple[int, bytes]]) -> bytes:
    return b"".join(struct.pack(">BxxxL", stream, len(data)) + data for stream, data in parts)


def read(chunks: list[bytes], *, framed: bool = True) -> list[bytes]:
    lines = Lines(framed=framed)
    return [line for chunk in chunks for line in lines.feed(chunk)] + list(lines.end())


def cut(data: bytes, at: list[int]) -> list[bytes]:
    places = sorted({min(one, len(data)) for one in at})
    return [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True)]


@given(st.lists(LINE), st.lists(st.integers(0, 400)), st.lists(st.integers(0, 400)))
def test_lines_come_back_whole(lines: list[bytes], ends: list[int], at: list[int]) -> None:
    written = b"".join(line + b"\n" for line in lines)
    data = frames([(1, part) for part in cut(written, ends)])
    assert read(cut(data, at)) == lines
    assert read(cut(written, at), framed=False) == lines


@given(st.lists(st.tuples(st.sampled_from([1, 2]), LINE)), st.lists(st.integers(0, 400)))
def test_output_and_errors_do_not_mix(lines: list[tuple[int, bytes]], at: list[int]) -> None:
    halves = [(stream, part) for stream, line in lines for part in (line[:3], line[3:] + b"\n")]
    assert read(cut(frames(halves), at)) == [line for _, line in lines]


def test_a_line_without_an_end_is_cut_and_takes_no_memory() -> None:
    lines = Lines(framed=True)
    for _ in range(1000):
        assert list(lines.feed(frames([(1, b"x" * 16384)]))) == []
    assert list(lines.feed(frames([(1, b"\nnext\n")]))) == [b"x" * LONGEST_LINE, b"next"]


def test_errors_bring_their_stack_traces_and_nothing_else() -> None:
    log = b"""INFO started
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
    sieve = Sieve(100, pattern(None, errors=True), with_tails=True)
    for line in log:
        sieve.add(line)
    assert list(sieve.kept.lines) == [*log[1:6], *log[8:10], log[11]]
    assert sieve.kept.wanted == 5
