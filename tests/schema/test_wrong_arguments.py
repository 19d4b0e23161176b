"""Arguments that do not fit are answered with the field and what is allowed."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest

from mcp_agent import Field, InvalidArguments
from tests.schema.kinds import Circle, Colour, Folder, Point, Square
from tests.schema.probe import parse, tool_of


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
        (Circle | Square, {"type": "cube"}, 'x.type was "cube", but must be one of "circle", "square".'),
        (Circle | Square, {}, 'probe needs x.type, which is missing; it must be one of "circle", "square".'),
        (list[Circle | Square], [{"type": "square"}], "needs x[0].side, which is missing; it must be a whole number."),
        (Circle | Square | None, {"type": "circle", "radius": 0, "drawn": ""}, "x.radius was 0, but must be a number"),
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
