"""Our writer of Parquet files, read by two libraries that know nothing of it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp_agent_database.parquet import writer
from mcp_agent_database.parquet.writer import Parquet

from mcp_agent import ToolError

Rows = Sequence[Sequence[Any]]
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "int8": st.integers(-(2**63), 2**63 - 1),
    "float8": st.floats(allow_nan=False),
    "bool": st.booleans(),
    "text": st.text(st.characters(exclude_categories=["Cs"])),
    "bytea": st.binary(),
    "date": st.dates(),
    "timestamp": st.datetimes(),
    "timestamptz": st.datetimes(
        datetime(2, 1, 1), datetime(9998, 1, 1), timezones=st.just(timezone(timedelta(hours=2)))
    ),
}
ROW = st.tuples(*(st.none() | values for values in KINDS.values()))


def written(lots: Sequence[Rows], names: Sequence[str], types: Sequence[str]) -> bytes:
    file = io.BytesIO()
    made = Parquet(file, names, types)
    for rows in lots:
        made.write(rows)
    made.close()
    return file.getvalue()


def read(data: bytes) -> pyarrow.Table:
    return pyarrow.parquet.read_table(io.BytesIO(data))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(ROW, max_size=20), max_size=4))
def test_what_is_written_is_read(lots: Sequence[Rows]) -> None:
    table = read(written(lots, list(KINDS), list(KINDS)))
    assert table.column_names == list(KINDS)
    assert [tuple(row.values()) for row in table.to_pylist()] == [row for rows in lots for row in rows]
    wanted = ["int64", "double", "bool", "string", "binary", "date32[day]", "timestamp[us]", "timestamp[us, tz=UTC]"]
    assert list(map(str, table.schema.types)) == wanted


def test_another_reader_agrees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB, over several groups and pages, with nothing in some of them."""
    monkeypatch.setattr(writer, "_GROUP_ROWS", 1000)
    rows = [
        (n, n / 3, n % 2 == 0, None if n < 700 else f"ü{n}", bytes([n % 256]), date(2026, 1, 1) + timedelta(days=n),
         datetime(2026, 1, 1) + timedelta(seconds=n), datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=n))
        for n in range(5000)
    ]  # fmt: skip
    path = tmp_path / "some.parquet"
    path.write_bytes(written([rows[at : at + 300] for at in range(0, 5000, 300)], list(KINDS), list(KINDS)))
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        found = connection.execute(
            "select * exclude (timestamptz), epoch_us(timestamptz) from read_parquet(?)", [str(path)]
        )
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        assert found.fetchall() == [(*row[:7], (row[7] - epoch) // timedelta(microseconds=1)) for row in rows]
    described = pyarrow.parquet.ParquetFile(path).metadata
    assert (described.num_rows, described.num_row_groups) == (5000, 5)


def test_what_the_database_does_not_name_is_as_the_first_values_are() -> None:
    names = ["whole", "broken", "bytes", "text", "none", "mixed"]
    table = read(written([[(1, 1, b"x", "a", None, 1), (None, 2.5, None, "b", None, "one")]], names, [""] * 6))
    assert list(map(str, table.schema.types)) == ["int64", "double", "binary", "string", "string", "string"]
    assert table.column("mixed").to_pylist() == ["1", "one"]


def test_exact_numbers_and_nested_values_are_text() -> None:
    table = read(written([[(Decimal("1.10"), {"a": [1]})]], ["n", "j"], ["numeric", "jsonb"]))
    assert table.to_pylist() == [{"n": "1.10", "j": '{"a":[1]}'}]


@pytest.mark.parametrize(
    ("first", "second"), [(1, "one"), (1, 2**63), (b"x", 1), (1, 1.5)], ids=["text", "large", "bytes", "float"]
)
def test_a_value_of_another_kind_is_refused(first: object, second: object) -> None:
    with pytest.raises(ToolError, match="several kinds"):
        written([[(first,)], [(second,)]], ["n"], [""])


def test_many_columns_and_no_rows() -> None:
    names = [f"c{number}" for number in range(400)]
    assert read(written([], names, ["int4"] * 400)).column_names == names
    assert read(written([[tuple(range(400))]], names, ["int4"] * 400)).to_pylist() == [
        {n: i for i, n in enumerate(names)}
    ]
