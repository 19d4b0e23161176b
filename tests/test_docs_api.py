"""docs/plugin-api.md: every public name, every option and everything of a Context has a place there."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import mcp_agent
from mcp_agent import Context, Field, prompt, resource, tool

PAGE = (Path(__file__).parent.parent / "docs" / "plugin-api.md").read_text()
CODE = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", PAGE))))
FOR_THE_HOST = {"held", "lent", "rewind"}


@pytest.mark.parametrize("name", mcp_agent.__all__)
def test_a_public_name_has_a_place(name: str) -> None:
    assert name in CODE


@pytest.mark.parametrize("declared", [tool, resource, prompt, Field], ids=lambda one: str(one.__name__))
def test_an_option_has_a_place(declared: object) -> None:
    assert callable(declared)
    assert set(inspect.signature(declared).parameters) <= CODE


def test_everything_of_a_context_has_a_place() -> None:
    assert {name for name in vars(Context) if not name.startswith("_")} - FOR_THE_HOST <= CODE
