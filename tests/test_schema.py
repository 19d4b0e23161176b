"""From typed functions to schemas and back: what the schema allows is what the tool takes."""

from __future__ import annotations

import asyncio
import collections.abc
import contextlib
import dataclasses
import datetime as dt
import decimal
import enum
import json
import os
import re
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, Literal, NamedTuple, NewType, NotRequired, Optional, TypedDict, Union

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mcp_agent import Context, Field, InvalidArguments, PluginError, prompt, resource, tool
from mcp_agent.errors import InvalidParams
from mcp_agent.model import Tool
from mcp_agent.schema.build import build_prompt, build_resource, build_tool


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


@dataclasses.dataclass
class Point:
    x: int
    y: int = 0
    tags: list[str] = dataclasses.field(default_factory=list)


class Lamp(msgspec.Struct):
    name: str
    since: dt.datetime | None = None
    colour: Colour = Colour.RED


class Circle(msgspec.Struct, tag="circle"):
    radius: Annotated[float, Field(gt=0)]
    drawn: dt.datetime


class Square(msgspec.Struct, tag="square"):
    side: int


class Folder(msgspec.Struct):
    name: str
    inside: list[Folder] = []


class Address(TypedDict):
    street: str
    city: NotRequired[str]


class Pair(NamedTuple):
    first: int
    second: str = "none"


UserId = NewType("UserId", int)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
INT = st.integers(-(2**63), 2**63 - 1)
FLOAT = st.floats(allow_nan=False, allow_infinity=False).filter(lambda value: value != int(value))
"""No whole number written as a fraction: JSON Schema takes 1.0 for an integer, we do not."""
POINT = st.fixed_dictionaries({"x": INT}, optional={"y": INT, "tags": st.lists(TEXT, max_size=2)})
FOLDER = st.recursive(
    st.fixed_dictionaries({"name": TEXT}),
    lambda inner: st.fixed_dictionaries({"name": TEXT, "inside": st.lists(inner, max_size=2)}),
    max_leaves=4,
)

EXACT: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "str": (str, TEXT),
    "int": (int, INT),
    "float": (float, FLOAT | INT.map(lambda value: value % 2**53)),
    "bool": (bool, st.booleans()),
    "None": (None, st.none()),
    "Any": (Any, st.one_of(TEXT, INT, st.none(), st.lists(INT, max_size=2))),
    "enum of text": (Colour, st.sampled_from(["red", "blue"])),
    "enum of numbers": (Level, st.sampled_from([1, 2])),
    "Literal": (Literal["on", "off", 3], st.sampled_from(["on", "off", 3])),
    "Optional": (Optional[int], INT | st.none()),  # noqa: UP045
    "or None": (str | None, TEXT | st.none()),
    "Union": (Union[int, str, None], INT | TEXT | st.none()),  # noqa: UP007
    "int or list": (int | list[int], INT | st.lists(INT, max_size=3)),
    "list": (list[int], st.lists(INT, max_size=3)),
    "bare list": (list, st.lists(TEXT | INT, max_size=3)),
    "Sequence": (collections.abc.Sequence[bool], st.lists(st.booleans(), max_size=3)),
    "tuple of any length": (tuple[int, ...], st.lists(INT, max_size=3)),
    "tuple": (tuple[int, str], st.tuples(INT, TEXT).map(list)),
    "dict": (dict[str, int], st.dictionaries(TEXT, INT, max_size=3)),
    "bare dict": (dict, st.dictionaries(TEXT, INT | TEXT, max_size=3)),
    "nested": (dict[str, list[Point | None]], st.dictionaries(TEXT, st.lists(POINT | st.none(), max_size=2))),
    "dataclass": (Point, POINT),
    "TypedDict": (Address, st.fixed_dictionaries({"street": TEXT}, optional={"city": TEXT})),
    "NamedTuple": (Pair, st.tuples(INT, TEXT).map(list) | st.tuples(INT).map(list)),
    "NewType": (UserId, INT),
    "recursive": (Folder, FOLDER),
    "list of recursive": (list[Folder], st.lists(FOLDER, max_size=2)),
    "bounds": (Annotated[int, Field("So many", ge=1, le=5)], st.integers(1, 5)),
    "exclusive bounds": (Annotated[float, Field(gt=0, lt=1)], st.floats(0.01, 0.99)),
    "multiples": (Annotated[int, Field(multiple_of=3)], st.integers(-9, 9).map(lambda value: value * 3)),
    "pattern": (Annotated[str, Field(pattern="^a+$")], st.sampled_from(["a", "aa"])),
    "lengths of text": (Annotated[str, Field(min_length=2, max_length=3)], st.sampled_from(["ab", "abc", "😀ü"])),
    "lengths of lists": (
        Annotated[list[int], Field(min_length=1, max_length=2)],
        st.lists(INT, min_size=1, max_size=2),
    ),
    "bounds inside": (list[Annotated[int, Field(ge=0)]], st.lists(st.integers(0, 9), max_size=3)),
    "bounds or None": (Annotated[int | None, Field("Maybe", ge=1)], st.integers(1, 9) | st.none()),
}
"""Types whose schema says all there is to say: what it allows is taken, and nothing else."""

WRITTEN: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "datetime": (dt.datetime, st.datetimes(timezones=st.just(dt.UTC)).map(lambda value: value.isoformat())),
    "naive datetime": (dt.datetime, st.datetimes().map(lambda value: value.isoformat())),
    "date": (dt.date, st.dates().map(lambda value: value.isoformat())),
    "time": (dt.time, st.times().map(lambda value: value.isoformat())),
    "timedelta": (dt.timedelta, st.sampled_from(["PT0S", "PT1H30M", "P1D", "-PT5S", "P1DT0.5S"])),
    "uuid": (uuid.UUID, st.uuids().map(str)),
    "Decimal": (decimal.Decimal, st.decimals(allow_nan=False, allow_infinity=False).map(str)),
    "bytes": (bytes, st.sampled_from(["", "aGk=", "AAECAw=="])),
    "bytearray": (bytearray, st.sampled_from(["", "aGk="])),
    "Path": (Path, st.sampled_from(["a/b.txt", "c"])),
    "Path or None": (Path | None, st.sampled_from(["a/b.txt", None])),
    "set": (set[int], st.lists(INT, max_size=3, unique=True)),
    "frozenset": (frozenset[str], st.lists(TEXT, max_size=3, unique=True)),
    "dict by number": (dict[int, str], st.dictionaries(INT.map(str), TEXT, max_size=3)),
    "dict by enum": (dict[Colour, int], st.dictionaries(st.sampled_from(["red", "blue"]), INT)),
    "struct": (Lamp, st.just({"name": "desk", "since": "2026-03-01T18:30:00Z", "colour": "blue"})),
    "tagged structs": (
        Circle | Square | None,
        st.sampled_from([{"type": "circle", "radius": 2.0, "drawn": "2026-03-01T18:30:00"},
                         {"type": "square", "side": 2}, None]),
    ),
}  # fmt: skip
"""Types with a form inside a text, or rules, that JSON Schema has no word for: it may allow more than is taken."""

TYPES = EXACT | WRITTEN


def tool_of(kind: Any, default: Any = msgspec.NODEFAULT, *, returns: Any = msgspec.NODEFAULT) -> Tool:
    """A tool that takes ``x`` of a type and gives it back."""
    if default is msgspec.NODEFAULT:

        async def probe(x: Any) -> Any:
            """Give x back."""
            return x

    else:

        async def probe(x: Any = default) -> Any:
            """Give x back."""
            return x

    probe.__annotations__ = {"x": kind, "return": kind if returns is msgspec.NODEFAULT else returns}
    return build_tool(tool(effect="read")(probe), "test")


def parse(probe: Tool, value: Any) -> Any:
    return probe.parse(json.dumps({"x": value}).encode()).x


def accepts(probe: Tool, value: Any) -> bool:
    with contextlib.suppress(InvalidArguments):
        parse(probe, value)
        return True
    return False


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


# --- defaults ------------------------------------------------------------------------------------


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


# --- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [
        (int, "seven", 'probe: x was "seven", but must be a whole number.'),
        (int, 7.5, "probe: x was 7.5, but must be a whole number."),
        (bool, "yes", 'probe: x was "yes", but must be true or false.'),
        (str, None, "probe: x was null, but must be text."),
        (Literal["on", "off"], "of", 'probe: x was "of", but must be one of "off", "on".'),
        (Colour, "rad", 'probe: x was "rad", but must be one of "blue", "red".'),
        (Annotated[int, Field(ge=1, le=5)], 9, "x was 9, but must be a whole number from 1 to 5."),
        (Annotated[float, Field(gt=0)], 0, "x was 0, but must be a number above 0."),
        (Annotated[str, Field(pattern="^a")], "b", 'x was "b", but must be text matching ^a.'),
        (Annotated[str, Field(max_length=2)], "abc", 'x was "abc", but must be text of at most 2 characters.'),
        (Annotated[list[int], Field(min_length=1)], [], "x was [], but must be a list of at least 1 items."),
        (Annotated[int | None, Field(ge=1)], 0, "x was 0, but must be a whole number of at least 1 or null."),
        (dt.datetime, "tomorrow", 'x was "tomorrow", but must be a date and time such as 2026-03-01T18:30:00Z.'),
        (dt.datetime | None, "soon", "must be a date and time such as 2026-03-01T18:30:00Z or null."),
        (dt.date, "1.3.2026", "must be a date such as 2026-03-01."),
        (dt.timedelta, "2 hours", "must be a duration such as PT1H30M."),
        (bytes, "!", "must be base64 text."),
        (Path, 3, "x was 3, but must be a file path."),
        (uuid.UUID, "1", "must be a UUID."),
        (list[int], [1, "b"], 'x[1] was "b", but must be a whole number.'),
        (dict[str, int], {"a": "b"}, 'but must be a whole number.'),
        (Point, {"x": "1"}, 'x.x was "1", but must be a whole number.'),
        (Point, {}, "probe needs x.x, which is missing; it must be a whole number."),
        (Folder, {"name": "a", "inside": [{"name": 3}]}, "x.inside[0].name was 3, but must be text."),
        (tuple[int, str], [1, 2], "x[1] was 2, but must be text."),
        (Circle | Square, {"type": "square", "side": "a"}, 'x.side was "a", but must be a whole number.'),
        (Path, "~nobody-of-this-name/x", "must be a file path."),
    ],
)  # fmt: skip
def test_a_wrong_value_is_answered_with_field_and_what_is_allowed(kind: Any, value: Any, says: str) -> None:
    with pytest.raises(InvalidArguments) as caught:
        parse(tool_of(kind), value)
    assert says in str(caught.value)


def test_what_was_given_is_cut_short() -> None:
    with pytest.raises(InvalidArguments) as caught:
        parse(tool_of(int), "a" * 5000)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"{}", "probe needs x, which is missing; it must be a whole number."),
        (b'{"y": 1}', "probe has no argument y; it takes x."),
        (b'{"xx": 1}', "probe has no argument xx; it takes x. Did you mean x?"),
        (b"[1]", "probe takes its arguments as an object."),
        (b"{", "The arguments of probe are not readable JSON: "),
        (b'{"x": "\xff"}', "The arguments of probe are not readable JSON: "),
        (b'{"x": ' + b"[" * 100_000, "The arguments of probe are not readable JSON: "),
    ],
)
def test_wrong_arguments_as_a_whole(raw: bytes, says: str) -> None:
    with pytest.raises(InvalidArguments) as caught:
        tool_of(int).parse(raw)
    assert says in str(caught.value)


@pytest.mark.parametrize("kind", [complex, object, range, Callable[[int], int], Point | Lamp, dt.datetime | str])
def test_a_type_that_json_cannot_hold_is_named_with_function_and_parameter(kind: Any) -> None:
    with pytest.raises(PluginError, match=r"probe: x cannot be an argument\. ."):
        tool_of(kind)
    with pytest.raises(PluginError, match=r"probe: what it returns cannot be a result\. ."):
        tool_of(int, returns=list[kind])


async def takes_many(*names: str) -> None:
    """Take many."""


async def takes_any(**names: str) -> None:
    """Take any."""


async def by_position(name: str, /) -> None:
    """Take one."""


async def untyped(name) -> None:  # type: ignore[no-untyped-def]
    """Take one."""


async def unknown_type(name: Nowhere) -> None:  # type: ignore[name-defined]  # noqa: F821
    """Take one."""


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (takes_many, r"takes_many: \*names.* is not allowed; name each argument"),
        (takes_any, r"takes_any: \*\*names.* is not allowed"),
        (by_position, r"by_position: name.* is not allowed; name each argument, passable by keyword"),
        (untyped, "untyped: name has no type; annotate it"),
        (unknown_type, "unknown_type: its annotations cannot be resolved: name 'Nowhere' is not defined"),
    ],
)
def test_a_signature_that_cannot_be_a_schema_is_refused(function: Callable[..., Any], says: str) -> None:
    with pytest.raises(PluginError, match=says):
        build_tool(tool(effect="read")(function), "test")


# --- headers -------------------------------------------------------------------------------------


class Place(msgspec.Struct):
    region: Annotated[str, Field(header="Region")]


def test_an_argument_may_be_mirrored_into_a_header() -> None:
    assert tool_of(Annotated[str, Field(header="Tenant")]).headers == ((("x",), "Tenant"),)
    assert tool_of(Place).headers == ((("x", "region"), "Region"),)
    assert tool_of(Annotated[str, Field(header="Tenant")]).input_schema["properties"]["x"]["x-mcp-header"] == "Tenant"


@pytest.mark.parametrize("kind", [float, list[str], dict[str, str], Place])
def test_only_plain_values_can_be_headers(kind: Any) -> None:
    with pytest.raises(PluginError, match="probe: x cannot be a header"):
        tool_of(Annotated[kind, Field(header="X")])


@pytest.mark.parametrize("header", ["two words", "a:b", "ä", "a\nb"])
def test_a_header_has_a_name_that_http_takes(header: str) -> None:
    with pytest.raises(PluginError, match="is not a header name"):
        tool_of(Annotated[str, Field(header=header)])


def test_no_two_arguments_share_a_header() -> None:
    @tool(effect="read")
    async def probe(a: Annotated[str, Field(header="Same")], b: Annotated[str, Field(header="same")]) -> None:
        """Take two."""

    with pytest.raises(PluginError, match="two arguments have the same header"):
        build_tool(probe, "test")


# --- functions -----------------------------------------------------------------------------------


def test_a_sync_function_runs_in_a_thread_with_the_context_of_the_call() -> None:
    @tool(effect="read")
    def probe(ctx: Context, x: int) -> str:
        """Say where it runs."""
        return f"{threading.current_thread().name} {x} {ctx is context}"

    built = build_tool(probe, "test")
    context: Any = SimpleNamespace(threads=ThreadPoolExecutor(1, "worker"))
    assert list(built.input_schema["properties"]) == ["x"]
    try:
        said = asyncio.run(built.invoke(context, built.parse(b'{"x": 3}')))  # type: ignore[arg-type]
    finally:
        context.threads.shutdown()
    assert said == "worker_0 3 True"


def test_the_context_may_have_any_name_and_place() -> None:
    @tool(effect="read")
    async def probe(x: int, here: Context) -> bool:
        """Say whether the context came."""
        return here is context

    built = build_tool(probe, "test")
    context: Any = SimpleNamespace()
    assert asyncio.run(built.invoke(context, built.parse(b'{"x": 3}')))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["a" * 65, "two words", "ä", ""])
def test_a_name_that_clients_would_not_take_is_refused(name: str) -> None:
    async def probe() -> None:
        """Do nothing."""

    probe.__name__ = name
    with pytest.raises(PluginError, match=f"{name!r} is no tool name"):
        build_tool(tool(effect="read")(probe), "test")


def test_parts_of_a_uri_and_arguments_of_a_prompt_are_text_that_may_mean_a_number() -> None:
    @resource("shelf://{row}/{name}")
    async def shelf(row: int, name: str) -> list[Any]:
        """What stands there."""
        return [row, name]

    @prompt()
    async def count(to: int, loud: bool = False) -> str:
        """Count."""
        return f"{to + 1} {loud}"

    built = build_resource(shelf, "test")
    [contents] = asyncio.run(built.read(None, "shelf://7/8", {"row": "7", "name": "8"}))  # type: ignore[arg-type]
    assert json.loads(contents.text or "") == [7, "8"]
    assert asyncio.run(built.read(None, "shelf://top/8", {"row": "top", "name": "8"})) == ()  # type: ignore[arg-type]
    asked = build_prompt(count, "test")
    answer = asyncio.run(asked.get(None, {"to": "3", "loud": "true"}))  # type: ignore[arg-type]
    assert answer.messages[0].content.text == "4 True"  # type: ignore[union-attr]
    with pytest.raises(InvalidParams, match='to was "three", but must be a whole number'):
        asyncio.run(asked.get(None, {"to": "three"}))  # type: ignore[arg-type]


def test_a_path_is_taken_as_the_person_writes_it() -> None:
    assert parse(tool_of(Path), "~/notes") == Path(os.path.expanduser("~/notes"))
