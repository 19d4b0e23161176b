"""A result that promises numbers: NaN and the infinities have no form in JSON, and a null would break the promise."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from mcp_agent.model import ToolResult
from tests.schema.probe import tool_of


class Row(Struct):
    name: str
    price: float
    old_price: float | None = None


@dataclasses.dataclass
class Report:
    rows: list[Row]
    total: float


def result_of(kind: Any, value: Any) -> ToolResult:
    """What goes out, held to the schema as a client does."""
    tool = tool_of(int, returns=kind)
    made = tool.render(value)
    result = made if tool.check is None else tool.check(made)
    if not result.is_error:
        jsonschema.Draft202012Validator(tool.output_schema).validate(result.data)
    return result


@pytest.mark.parametrize(
    ("kind", "value", "where"),
    [
        (float, math.nan, "result"),
        (float, None, "result"),
        (list[float], [1.0, -math.inf], "result[1]"),
        (Row, Row("null", math.inf), "price"),
        (dict[str, float], {"a": math.nan}, "[...]"),
        (Report, Report([Row("a", 1.0), Row("b", math.nan)], 1.0), "rows[1].price"),
        (float | str, math.nan, "result"),
    ],
)
def test_an_error_says_where_and_keeps_the_data(kind: Any, value: Any, where: str) -> None:
    result = result_of(kind, value)
    assert result.is_error
    assert result.content[0].text.startswith(f"probe ran, but {where} is not a number")  # type: ignore[union-attr]
    assert "null" in result.content[1].text  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (float | None, math.nan),
        (Row, Row("null", 1.0, math.nan)),
        (list[Row], [Row("a", 1.0), Row("b", 2.0)]),
        (dict[str, Any], {"a": math.nan}),
    ],
)
def test_where_nothing_may_stand_it_becomes_null(kind: Any, value: Any) -> None:
    assert not result_of(kind, value).is_error


@given(st.lists(st.builds(Row, st.text(), st.floats(), st.none() | st.floats())))
def test_either_every_number_is_one_or_it_is_an_error(rows: list[Row]) -> None:
    assert result_of(list[Row], rows).is_error == any(not math.isfinite(row.price) for row in rows)


def test_results_without_numbers_are_not_looked_at() -> None:
    for kind in (int, str, list[str], float | None, dict[str, Any], Any):
        assert tool_of(int, returns=kind).check is None
