"""A file of a stranger does not hold up the host: patterns do that to all of the process."""

from __future__ import annotations

import time

import pytest
from mcp_agent_memory.exchange.markdown import _END


@pytest.mark.parametrize("text", [" " * 200_000 + "x", " #" * 100_000, "a" + " " * 200_000 + "#tag!"])
def test_the_end_of_a_line_is_found_soon(text: str) -> None:
    began = time.process_time()
    assert _END.search(text) is None
    assert time.process_time() - began < 10


def test_it_is_found() -> None:
    found = _END.search("The key is under the fern  #home")
    assert found is not None
    assert found["tag"] == "home"
