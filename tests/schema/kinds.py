"""Every kind of type that an argument may have, with values of it."""

from __future__ import annotations

import collections.abc
import dataclasses
import datetime as dt
import decimal
import enum
import uuid
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, NewType, NotRequired, Optional, TypedDict, Union

import msgspec
from hypothesis import strategies as st

from mcp_agent import Field


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
