"""Trace ids: the client's where it is valid, a new one otherwise."""

from __future__ import annotations

import pytest

from mcp_agent.protocol.trace import fresh, trace_id

ID = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"


@pytest.mark.parametrize("given", [f"00-{ID}-{SPAN}-01", f"00-{ID}-{SPAN}-00", f"cc-{ID}-{SPAN}-01-more"])
def test_a_valid_traceparent_gives_its_trace(given: str) -> None:
    assert trace_id(given) == ID


@pytest.mark.parametrize(
    "given",
    [
        None, "", "nonsense", f"ff-{ID}-{SPAN}-01", f"00-{'0' * 32}-{SPAN}-01", f"00-{ID}-{'0' * 16}-01",
        f"00-{ID.upper()}-{SPAN}-01", f"00-{ID}-{SPAN}-01-more", f"00-{ID}-{SPAN}-01\n", f"00-{ID[1:]}-{SPAN}-01",
    ],
)  # fmt: skip
def test_anything_else_gives_a_new_trace(given: str | None) -> None:
    found = trace_id(given)
    assert found != ID
    assert len(bytes.fromhex(found)) == 16


def test_new_traces_differ() -> None:
    assert len({fresh() for _ in range(1000)}) == 1000
