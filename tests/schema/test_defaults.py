"""Defaults of arguments: shown in the schema, used, and fresh for each call."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import pytest
from jsonschema import Draft202012Validator

from mcp_agent import Field
from tests.schema.kinds import Colour, Lamp, Point
from tests.schema.probe import parse, tool_of


@pytest.mark.parametrize(
    ("kind", "default", "shown"),
    [
        (int, 5, {"default": 5}),
        (bool, False, {"default": False}),
        (str | None, None, {}),
        (list[int], [], {}),
        (list[int], [1, 2], {"default": [1, 2]}),
        (dict[str, str], {"title": "a"}, {"default": {"title": "a"}}),
        (Colour, Colour.BLUE, {"default": "blue"}),
        (Point, Point(1, 2), {"default": {"x": 1, "y": 2, "tags": []}}),
        (Lamp, Lamp("desk"), {"default": {"name": "desk", "since": None, "colour": "red"}}),
        (dt.date, dt.date(2026, 3, 1), {"default": "2026-03-01"}),
        (bytes, b"hi", {"default": "aGk="}),
        (Path, Path("a"), {"default": "a"}),
        (tuple[int, ...], (1,), {"default": [1]}),
        (set[int], {1}, {"default": [1]}),
    ],
)
def test_defaults_are_shown_and_used(kind: Any, default: Any, shown: dict[str, Any]) -> None:
    probe = tool_of(kind, default)
    assert "required" not in probe.input_schema
    Draft202012Validator.check_schema(dict(probe.input_schema))
    node = probe.input_schema["properties"]["x"]
    assert {key: value for key, value in node.items() if key == "default"} == shown
    assert probe.parse(b"{}").x == default
    if shown:
        assert parse(probe, node["default"]) == default


@pytest.mark.parametrize("default", [[1], {"a": 1}, {1}, Point(1, 2, ["a"]), [[1]]], ids=str)
def test_a_default_that_can_change_is_fresh_for_each_call(default: Any) -> None:
    probe = tool_of(type(default), default)
    first = probe.parse(b"{}").x
    assert first == default
    if isinstance(first, Point):
        first.tags.clear()
    elif first == [[1]]:
        first[0].clear()
    else:
        first.clear()
    assert probe.parse(b"{}").x != first
    assert probe.parse(b"{}").x == default


def test_a_default_keeps_keys_that_mean_something_in_a_schema() -> None:
    kind = Annotated[dict[str, Any], Field(examples=[{"title": "kept", "$ref": "#/$defs/kept"}])]
    assert tool_of(kind).input_schema["properties"]["x"]["examples"] == [{"title": "kept", "$ref": "#/$defs/kept"}]
