"""Frames are cut into lines, however they arrive."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st
from mcp_agent_containers.frames import FramedLines

LINE = st.binary(max_size=60).map(lambda raw: raw.replace(b"\n", b"").replace(b"\r", b""))


def frames(parts: list[tuple[int, bytes]]) -> bytes:
    return b"".join(struct.pack(">BxxxL", stream, len(data)) + data for stream, data in parts)


def read(chunks: list[bytes]) -> list[bytes]:
    lines = FramedLines()
    return [line for chunk in chunks for line in lines.feed(chunk)] + list(lines.end())


def cut(data: bytes, at: list[int]) -> list[bytes]:
    places = sorted({min(one, len(data)) for one in at})
    return [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True)]


@given(st.lists(LINE), st.lists(st.integers(0, 400)), st.lists(st.integers(0, 400)))
def test_lines_come_back_whole(lines: list[bytes], ends: list[int], at: list[int]) -> None:
    written = b"".join(line + b"\n" for line in lines)
    assert read(cut(frames([(1, part) for part in cut(written, ends)]), at)) == lines


@given(st.lists(st.tuples(st.sampled_from([1, 2]), LINE)), st.lists(st.integers(0, 400)))
def test_output_and_errors_do_not_mix(lines: list[tuple[int, bytes]], at: list[int]) -> None:
    halves = [(stream, part) for stream, line in lines for part in (line[:3], line[3:] + b"\n")]
    assert read(cut(frames(halves), at)) == [line for _, line in lines]
