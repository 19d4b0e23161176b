"""A page of a stranger does not hold up the host: patterns do that to all of the process."""

from __future__ import annotations

import time

import pytest
from mcp_agent_research.verify.normal import _LINK


@pytest.mark.parametrize("text", ["[" * 200_000, "[](" * 100_000, "![a](b" * 50_000, "[a](b(" * 50_000])
def test_links_are_found_soon(text: str) -> None:
    began = time.process_time()
    assert _LINK.sub(r"\1", text) == text
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("see [the page](https://a.example/b?c) now", "see the page now"),
        ("![a cat](cat.png)", "a cat"),
        ("[Fern](https://a.example/Fern_(plant))!", "Fern!"),
        ("[1] (not a link)", "[1] (not a link)"),
    ],
)
def test_links_leave_their_words(text: str, plain: str) -> None:
    assert _LINK.sub(r"\1", text) == plain
