"""From types to schemas and back: what the schema allows is what the tool takes."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from pathlib import Path
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mcp_agent import Field, PluginError
from tests.schema.kinds import EXACT, FLOAT, INT, TEXT, TYPES, WRITTEN, Lamp, Point
from tests.schema.probe import accepts, parse, tool_of


@pytest.mark.parametrize("name", TYPES)
def test_schemas_are_valid_2020_12(name: str) -> None:
    probe = tool_of(TYPES[name][0])
    Draft202012Validator.check_schema(dict(probe.input_schema))
    assert (probe.input_schema["type"], probe.input_schema["additionalProperties"]) == ("object", False)
    if probe.output_schema is not None:
        Draft202012Validator.check_schema(dict(probe.output_schema))
        assert probe.output_schema["type"] == "object"


JSON = st.recursive(
    st.none() | st.booleans() | INT | FLOAT | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
"""Any value."""


@pytest.mark.parametrize("name", EXACT)
def test_what_the_schema_allows_is_what_is_taken(name: str) -> None:
    kind, valid = EXACT[name]
    probe = tool_of(kind)
    allowed = Draft202012Validator(dict(probe.input_schema))

    @settings(max_examples=60, deadline=None)
    @given(st.one_of(JSON, valid, *(strategy for _, strategy in EXACT.values())))
    def check(value: Any) -> None:
        value = json.loads(json.dumps(value))
        assert accepts(probe, value) == allowed.is_valid({"x": value})

    check()


@pytest.mark.parametrize("name", TYPES)
def test_values_come_back_as_they_went_in(name: str) -> None:
    kind, valid = TYPES[name]
    probe = tool_of(kind)
    allowed = Draft202012Validator(dict(probe.input_schema))

    @settings(max_examples=30, deadline=None)
    @given(valid)
    def check(given_value: Any) -> None:
        allowed.validate({"x": given_value})
        value = parse(probe, given_value)
        result = probe.render(value)
        if probe.output_schema is None:  # text, or a type that says nothing
            return
        Draft202012Validator(dict(probe.output_schema)).validate(result.data)
        rendered = result.data if "result" not in probe.output_schema.get("properties", {}) else result.data["result"]
        assert parse(probe, rendered) == value

    check()


@pytest.mark.parametrize("name", sorted(WRITTEN.keys() - {"Decimal"}))  # of which msgspec takes numbers as well
def test_what_is_taken_is_allowed_by_the_schema(name: str) -> None:
    probe = tool_of(WRITTEN[name][0])
    allowed = Draft202012Validator(dict(probe.input_schema))

    @settings(max_examples=30, deadline=None)
    @given(JSON)
    def check(value: Any) -> None:
        unique = not (isinstance(value, list) and len(set(map(repr, value))) < len(value))
        if unique and accepts(probe, value):
            allowed.validate({"x": value})

    check()


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        (dt.datetime, {"type": "string", "format": "date-time"}),
        (dt.time | None, {"anyOf": [{"type": "string", "format": "time"}, {"type": "null"}]}),
        (list[dt.datetime], {"type": "array", "items": {"type": "string", "format": "date-time"}}),
        (dict[str, tuple[int, dt.time]], {"type": "object", "additionalProperties": {
            "type": "array", "minItems": 2, "maxItems": 2, "items": False,
            "prefixItems": [{"type": "integer"}, {"type": "string", "format": "time"}]}}),
        (Annotated[dt.datetime, "When"], {"type": "string", "format": "date-time", "description": "When"}),
        (dt.timedelta, {"type": "string", "format": "duration"}),
        (bytes, {"type": "string", "contentEncoding": "base64"}),
        (Path, {"type": "string", "format": "path"}),
        (Annotated[int | None, Field("So many", ge=1)],
         {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}], "description": "So many"}),
        (Lamp | Point | None, PluginError),
    ],
)  # fmt: skip
def test_a_model_is_told_what_to_write(kind: Any, schema: Any) -> None:
    if schema is PluginError:
        with pytest.raises(PluginError):
            tool_of(kind)
    else:
        assert tool_of(kind).input_schema["properties"]["x"] == schema


def test_schemas_carry_no_ballast() -> None:
    schema = json.dumps([tool_of(kind).input_schema for kind, _ in TYPES.values()])
    assert '"title"' not in schema
    assert '"discriminator"' not in schema
    assert set(re.findall(r'"\$ref": "([^"]*)"', schema)) == {"#/$defs/Folder"}


def test_a_path_is_taken_as_the_person_writes_it() -> None:
    assert parse(tool_of(Path), "~/notes") == Path(os.path.expanduser("~/notes"))
