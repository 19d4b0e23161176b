"""How deep JSON may be, whatever it is made of."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_agent.jsonio import too_deep

LEAVES = st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(['"', '\\"[', "}{][", "\\\\"])
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30)


def depth(value: Any) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@given(VALUES, st.integers(0, 260), st.integers(0, 300))
def test_it_is_told_by_levels_not_by_length(value: Any, levels: int, beside: int) -> None:
    whole = depth(value) + levels
    text = "[" * levels + json.dumps([value, *([{}] * beside)]) + "]" * levels
    assert too_deep(text.encode()) == (max(whole, levels + bool(beside)) + 1 > 200)


@pytest.mark.parametrize("levels", [200, 201])
def test_the_limit(levels: int) -> None:
    assert too_deep(b'{"a":' * levels + b"1" + b"}" * levels) == (levels > 200)


def test_brackets_in_strings_are_no_levels() -> None:
    assert not too_deep(json.dumps(["[" * 5000 + '"{' * 5000]).encode())
